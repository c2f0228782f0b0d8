"""The digest of a syntax tree: what it leaves out, and what it never does."""

from __future__ import annotations

import ast

import pytest

from wheelwatch.code.digest import digest

BASE = '''"""Doc."""
import sys

def go(a, b=1):
    """What it does."""
    return a + b  # a reason
'''


def of(source: str, *constants: str) -> str:
    return digest(ast.parse(source), frozenset(constants))


@pytest.mark.parametrize(
    "same",
    [
        '"""Other."""\n\n\nimport sys\ndef go(a, b=1):\n  return (a + b)\n',
        "import sys\n\n# nothing\ndef go(a, b=1): return a+b\n",
    ],
)
def test_comments_docstrings_and_positions_do_not_count(same: str) -> None:
    assert of(same) == of(BASE)


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace("a + b", "a - b"),
        BASE.replace("b=1", "b=True"),
        BASE.replace("b=1", "b='1'"),
        BASE.replace("import sys", "import os"),
        BASE.replace("import sys", "import sys\nimport os"),
        BASE.replace("def go", "async def go"),
        BASE.replace("(a, b=1)", "(a, *, b=1)"),
        BASE + "None\n",
        BASE + "'text'\n",
    ],
)
def test_everything_else_counts(other: str) -> None:
    assert of(other) != of(BASE)


def test_structure_is_not_flattened() -> None:
    assert of("f(a)(b)") != of("f(a(b))")
    assert of("x = [1, [2, 3]]") != of("x = [1, 2, [3]]")


def test_literal_constants_may_be_left_out() -> None:
    one = "MAPPING = {'a': ['/b']}\nf()"
    assert of(one, "MAPPING") == of("MAPPING = {'c': '/d' + '/e'}\nf()", "MAPPING")
    assert of(one) != of("MAPPING = {'c': '/d' + '/e'}\nf()")


def test_annotations_of_constants_count_as_they_run() -> None:
    assert of("A: dict = {}", "A") == of("A: dict = {1: 2}", "A")
    assert of("A: dict = {}", "A") != of("A: f() = {}", "A")


@pytest.mark.parametrize("value", ["f()", "[x for x in y]", "{'a': g}", "lambda: 0", "f'{x}'"])
def test_what_is_no_literal_is_never_left_out(value: str) -> None:
    assert of(f"MAPPING = {value}", "MAPPING") != of("MAPPING = {}", "MAPPING")
    assert of("def f():\n  MAPPING = 1", "MAPPING") != of("def f():\n  MAPPING = 2", "MAPPING")


def test_deep_trees_and_long_numbers_are_no_problem() -> None:
    assert len(of("a" + ".b" * 900)) == 64
    assert len(of(f"x = 0x{'f' * 9000}")) == 64


CALLED = "from x import F\nF.install()\nF.map_module('a', '/b')\n"


@pytest.mark.parametrize(
    "same",
    [
        CALLED.replace("'/b'", "'/c/d'"),
        CALLED + "F.map_module('c', '/d')\n",
        CALLED.replace("'a', '/b'", "'test', '/b'"),
    ],
)
def test_literal_texts_of_a_named_call_may_be_left_out(same: str) -> None:
    assert of(same, "map_module()") == of(CALLED, "map_module()")


@pytest.mark.parametrize(
    "other",
    [
        CALLED.replace("'/b'", "'/b' if x else '/c'"),
        CALLED.replace("'/b'", "run()"),
        CALLED.replace("'a'", "None"),
        CALLED.replace(", '/b'", ""),
        CALLED.replace("'/b'", "path='/b'"),
        CALLED.replace("'a', '/b'", "*['a']"),
        CALLED.replace("F.map_module('a'", "G.map_module('a'"),
        CALLED + "import os\n",
        CALLED + "F.map_module('a', '/b')(1)\n",
        CALLED.replace("'a'", "'msvcrt'"),
        CALLED.replace("'a'", "'sitecustomize'"),
        CALLED.replace("'a'", "'json.decoder'"),
    ],
)
def test_what_such_a_call_does_otherwise_counts(other: str) -> None:
    assert of(other, "map_module()") != of(CALLED, "map_module()")


def test_switches_of_a_named_call_count_and_texts_do_not() -> None:
    off, on = "install({'a': 'b'}, None, False)", "install({'a': 'b'}, '/build', True)"
    assert of(off, "install()") != of(on, "install()")
    assert of(off, "install()") == of("install({'c': 'd'}, None, False)", "install()")
    assert of(off) != of("install({'c': 'd'}, None, False)")


def test_a_map_of_names_that_others_import_unasked_counts() -> None:
    usual = of("MAPPING = {'a': '/b'}", "MAPPING")
    assert of("MAPPING = {'usercustomize': '/b'}", "MAPPING") != usual
    assert of("MAPPING = {'nt': '/b'}", "MAPPING") != usual
