"""Parsing: what is taken, what is not analysed and why; never an exception."""

from __future__ import annotations

import ast
import gc
import keyword
import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wheelwatch.code import Parsed, parse, parse_text
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import NotAnalysed, Reason


def names(parsed: Parsed | NotAnalysed) -> list[str]:
    assert isinstance(parsed, Parsed), parsed
    return [node.id for node in ast.walk(parsed.tree) if isinstance(node, ast.Name)]


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"a", "a", "utf-8"),
        (b"a\r\nb\rc", "a\nb\nc", "utf-8"),
        (b"\xef\xbb\xbfa", "a", "utf-8-sig"),
        (b"# coding: l1\n'\xe9'\n", "# coding: l1\n'é'\n", "latin_1"),
        (b"# coding: utf-7\n+AGE-\n", "# coding: utf-7\na\n", "utf_7"),
        (b"# \xff\na\n", "# �\na\n", "utf-8"),
    ],
)
def test_text_and_encoding(data: bytes, text: str, encoding: str) -> None:
    parsed = parse(data)
    assert isinstance(parsed, Parsed)
    assert (parsed.text, parsed.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"print 'x'\n", Reason.SYNTAX),
        (b"exec 'x' in y\n", Reason.SYNTAX),
        (b"raise A, 'b'\n", Reason.SYNTAX),
        (b"x = 1\0\n", Reason.NUL),
        (b"x = '\xff'\n", Reason.UNDECODABLE),
        (b"# coding: ascii\n# \xff\n", Reason.UNDECODABLE),
        (b"# coding: utf-16\nx = 1 \n", Reason.SYNTAX),
        (b"# coding: future_fstrings\nx = 1\n", Reason.ENCODING),
        (b"# coding: rot13\nx = 1\n", Reason.ENCODING),
        (b"# coding: os.path\nx = 1\n", Reason.ENCODING),
        (b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", Reason.ENCODING),
        (b"# coding: mbcs\nx = '\xe9'\n", Reason.ENCODING),
        (b"# coding: punycode\n" + b"x" * 300_000, Reason.TOO_LARGE),
        (b"x = " + b"1" * 1_000_001, Reason.TOO_LARGE),
    ],
)
def test_not_analysed(data: bytes, reason: Reason) -> None:
    result = parse(data)
    assert isinstance(result, NotAnalysed)
    assert result.reason is reason
    assert result.detail
    assert "\n" not in result.detail


def test_size_limit() -> None:
    result = parse(b"x = 1\n" * 100, Limits(source_bytes=599))
    assert isinstance(result, NotAnalysed)
    assert result.reason is Reason.TOO_LARGE
    assert isinstance(parse(b"x = 1\n" * 100, Limits(source_bytes=600)), Parsed)


@pytest.mark.parametrize("source", [b"a;" * 1000, b"except" + b"(a," * 1000, b"-" * 5000 + b"1"])
def test_node_limit(source: bytes) -> None:
    result = parse(source, Limits(nodes=1000))
    assert isinstance(result, NotAnalysed)
    assert result.reason is Reason.TOO_MANY_NODES


def test_windows_codecs_when_they_cannot_matter() -> None:
    assert names(parse(b"# coding: mbcs\na\n")) == ["a"]


def test_a_codec_is_never_looked_up_by_the_name_that_the_source_gives() -> None:
    before = set(sys.modules)
    parse(b"# coding: this\nx = 1\n")
    parse(b"# coding: antigravity\nx = 1\n")
    assert not {name for name in set(sys.modules) - before if "this" in name or "antigravity" in name}


def test_strings_that_are_executed_have_no_cookie() -> None:
    assert names(parse_text("# coding: utf-7\n'+AGE-'; b")) == ["b"]
    assert names(parse_text("a\rb\r\nc")) == ["a", "b", "c"]
    for text, reason in [("\0", Reason.NUL), ("\ufeffx", Reason.SYNTAX), ("'\ud800'", Reason.UNDECODABLE)]:
        result = parse_text(text)
        assert isinstance(result, NotAnalysed)
        assert result.reason is reason


def test_carriage_returns_of_a_codec_are_no_line_ends() -> None:
    hidden = parse(b"# coding: unicode_escape\n# a\\rb\nx = 'c\\rd'\n")
    assert names(hidden) == ["x"]
    assert isinstance(hidden, Parsed)
    assert [node.value for node in ast.walk(hidden.tree) if isinstance(node, ast.Constant)] == ["c\rd"]


DEEP = {
    "attributes": ("a", ".b", ""),
    "sums": ("1", "+1", ""),
    "signs": ("", "-", "1"),
    "calls": ("a", "()", ""),
    "elif": ("if a:\n  b\n", "elif a:\n  b\n", ""),
    "conditions": ("", "1 if a else ", "1"),
    "lambdas": ("", "lambda:", "1"),
    "powers": ("", "1**", "1"),
    "not": ("", "not ", "1"),
    "subscripts": ("a", "[0]", ""),
}


@pytest.mark.parametrize("kind", DEEP)
def test_depth_is_no_limit(kind: str) -> None:
    start, step, end = DEEP[kind]
    parsed = parse((start + step * 10_000 + end).encode())
    assert isinstance(parsed, Parsed)
    assert sum(1 for _ in ast.walk(parsed.tree)) > 10_000


@pytest.mark.parametrize(
    ("opening", "closing"),
    ["()", "[]", ("[*", "]"), ("f(", ")"), ("{1:", "}"), ("(yield ", ")"), ("f'{", "}'")],
)
def test_depth_of_brackets_is_no_limit(opening: str, closing: str) -> None:
    parsed = parse((opening * 3000 + "a" + closing * 3000).encode())
    assert names(parsed)[-1] == "a"


MARKS = re.findall(
    r"\S+", "x = ( ) [ ] { } : , f' t' rb' ' \\ # 1 é * ** @ . ... ; := -> ! 0x 1e _ \N{BULLET} coding:"
)
SPACES = ("\n", "\n  ", "\n\t", "\r", "\x0c", "\0", " ", '"""', "# coding: unicode_escape\n")
SNIPPETS = st.sampled_from([*MARKS, *SPACES, *keyword.kwlist, *keyword.softkwlist])


@given(st.binary(max_size=200))
@settings(max_examples=400, deadline=None)
def test_random_bytes_never_raise(data: bytes) -> None:
    assert isinstance(parse(data), Parsed | NotAnalysed)


@given(st.lists(SNIPPETS, max_size=30))
@settings(max_examples=400, deadline=None)
def test_random_pieces_are_read_as_ast_reads_them(pieces: list[str]) -> None:
    text = "".join(pieces)
    parsed = parse(text.encode(), DEFAULT)
    assert isinstance(parsed, Parsed | NotAnalysed)
    if isinstance(parsed, NotAnalysed):
        assert parsed.reason in {Reason.SYNTAX, Reason.NUL, Reason.ENCODING, Reason.UNDECODABLE}


def test_nested_format_has_no_empty_parts() -> None:
    parsed = parse(b"f'{x:>{y}}'")
    assert isinstance(parsed, Parsed)
    (spec,) = [node for node in ast.walk(parsed.tree) if isinstance(node, ast.JoinedStr)][1:]
    assert [type(part) for part in spec.values] == [ast.Constant, ast.FormattedValue]


def test_garbage_collection_is_as_before() -> None:
    assert gc.isenabled()
    parse(b"x = 1")
    parse(b"x = ")
    assert gc.isenabled()


def test_words_in_strings_are_no_tokens() -> None:
    assert isinstance(parse(b"x = '" + b"a " * 1000 + b"'", Limits(nodes=500)), Parsed)
