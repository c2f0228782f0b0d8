"""The fallback takes the union of the grammars of 3.8 to 3.15, and gives the tree that ``ast`` gives."""

from __future__ import annotations

import ast
import sys
import warnings
from typing import Any

import pytest

from tests.code.fallback.comparison import differences
from tests.code.fallback.sources import COMMON, NEWER, REFUSED
from wheelwatch.code.fallback import Excess, Oversize, Refused, comments, parse
from wheelwatch.code.parse import standard_tree

LIMIT = 1_000_000


@pytest.mark.parametrize("source", COMMON)
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_common_sources_as_ast_reads_them(source: str) -> None:
    expected = standard_tree(source)
    assert expected is not None
    found = differences(expected, parse(source, LIMIT), inside_strings=sys.version_info >= (3, 13))
    assert list(found) == []


@pytest.mark.parametrize("source", NEWER)
def test_newer_sources_are_taken(source: str) -> None:
    assert len(parse(source, LIMIT).body) == 1


@pytest.mark.parametrize("source", REFUSED)
def test_what_no_python_takes_is_refused(source: str) -> None:
    with pytest.raises(Refused):
        parse(source, LIMIT)


@pytest.mark.parametrize("source", REFUSED)
@pytest.mark.filterwarnings("ignore")
def test_the_refused_are_refused_by_the_running_python(source: str) -> None:
    with pytest.raises(SyntaxError):
        ast.parse(source)


def statements(source: str) -> list[Any]:
    """The statements of a source, untyped: some of their classes are newer than the running ast's."""
    return list(parse(source, LIMIT).body)


def fields(node: ast.AST) -> dict[str, object]:
    return {name: value for name, value in ast.iter_fields(node) if value not in (None, [])}


def test_type_alias_has_the_fields_of_312() -> None:
    (alias,) = statements("type X[T: int = str, *Ts, **P] = list[T]")
    assert type(alias).__name__ == "TypeAlias"
    assert alias.name.id == "X"
    assert [(type(one).__name__, one.name) for one in alias.type_params] == [
        ("TypeVar", "T"),
        ("TypeVarTuple", "Ts"),
        ("ParamSpec", "P"),
    ]
    assert alias.type_params[0].bound.id == "int"
    assert alias.type_params[0].default_value.id == "str"
    assert isinstance(alias.value, ast.Subscript)


def test_type_parameters_of_functions_and_classes() -> None:
    function, kind = statements("def f[T](): pass\nclass A[T]: pass")
    assert [one.name for one in function.type_params] == ["T"]
    assert [one.name for one in kind.type_params] == ["T"]


def test_template_strings_of_314() -> None:
    (statement,) = statements("t'a{x + 1!r:>{w}}b'")
    assert type(statement.value).__name__ == "TemplateStr"
    before, hole, after = statement.value.values
    assert (before.value, after.value) == ("a", "b")
    assert (type(hole).__name__, hole.str, hole.conversion) == ("Interpolation", "x + 1", ord("r"))
    assert isinstance(hole.format_spec, ast.JoinedStr)


def test_bare_exception_types_of_314() -> None:
    (statement,) = statements("try: pass\nexcept A, B: pass")
    assert [one.id for one in statement.handlers[0].type.elts] == ["A", "B"]


def test_lazy_imports_of_315() -> None:
    body = statements("lazy import a\nlazy from b import c\nimport d")
    assert [getattr(one, "is_lazy", 0) for one in body] == [1, 1, 0]
    assert [type(one) for one in body] == [ast.Import, ast.ImportFrom, ast.Import]


def test_unpacking_in_comprehensions_of_315() -> None:
    items, mapping = statements("[*x for x in y]\n{**d for d in ds}")
    assert isinstance(items.value.elt, ast.Starred)
    assert (mapping.value.key.id, mapping.value.value.value) == ("d", None)


def test_nested_fstrings_of_312() -> None:
    (statement,) = statements("f'{f'{1}'}{'a'}'")
    inner, text = statement.value.values
    assert isinstance(inner.value, ast.JoinedStr)
    assert text.value.value == "a"


def test_identifiers_are_normalised_and_keywords_are_not() -> None:
    name, keyword = statements("ｓys\nｉf = 1")
    assert name.value.id == "sys"
    assert keyword.targets[0].id == "if"


def test_columns_count_bytes() -> None:
    (statement,) = statements("é = '中' + f'{b}' + c")
    assert statement.value.right.col_offset == len("é = '中' + f'{b}' + ".encode())


def test_long_decimals_have_their_value() -> None:
    (statement,) = statements("x = " + "7" * 12_345)
    assert statement.value.value == 7 * (10**12_345 - 1) // 9


@pytest.mark.parametrize(
    ("source", "limit", "error"),
    [("x = 1" + "0" * 1_000_001, LIMIT, Oversize), ("a;" * 5_001, 10_000, Excess)],
)
def test_limits(source: str, limit: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse(source, limit)


def test_comments_are_found_where_they_stand() -> None:
    source = "# a\nx = '#' # b\n  # c\nf'{x # d\n}'\n'''\n# no\n'''"
    found = [source[start:end] for start, end in comments(source, LIMIT)]
    assert found == ["# a", "# b", "# c", "# d"]


def test_warnings_are_not_raised() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert statements("1if 2else 3\n'\\d'")


def test_debug_text_has_no_comments() -> None:
    (statement,) = statements("f'''{x = # why\n }{y=}'''")
    texts = [part.value for part in statement.value.values if isinstance(part, ast.Constant)]
    assert texts == ["x = \n ", "y="]
