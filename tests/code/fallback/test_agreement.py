"""The fallback and ``ast`` agree on random pieces of source: both take them, with one tree, or neither."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.code.fallback.comparison import differences
from tests.code.fallback.sources import COMMON
from wheelwatch.code.fallback import Refused, parse
from wheelwatch.code.parse import standard_tree

WORDS = re.findall(
    r"\S+", "x y 1 'a' b'c' f'{x}' None ( ) [ ] { } : , = + - * ** .z := < == ... ~ @ ; += pass"
)
SPACED = (
    " not ",
    " in ",
    " is ",
    " and ",
    " or ",
    " if ",
    " else ",
    " for ",
    " lambda ",
    " await ",
    " yield ",
)
STARTS = ("\n", "\n ", "import ", "from ", " as ", "def f", "return ", "del ", "async ", "with ", "class A")
PIECES = st.sampled_from([*WORDS, *SPACED, *STARTS])


@given(
    st.lists(PIECES, max_size=12).map("".join)
    | st.tuples(st.sampled_from(COMMON), PIECES, st.integers(0, 60)).map(
        lambda parts: parts[0][: parts[2]] + parts[1] + parts[0][parts[2] :]
    )
)
@settings(max_examples=600, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_agreement(source: str) -> None:
    expected = standard_tree(source)
    if expected is None:
        return
    try:
        tree = parse(source, 10_000)
    except Refused as problem:
        raise AssertionError(f"{source!r}: {problem}") from None
    assert list(differences(expected, tree, inside_strings=sys.version_info >= (3, 13))) == []
