"""Which tokens a text holds: as the search for patterns says, and behind escapes as CPython reads them."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelwatch.code import mentions
from wheelwatch.code.sketch import Search

WORDS = ["a", "ab", "_b", "b1", "settrace", "été", "aab"]
TEXT = st.text(st.sampled_from("ab_1é .,(\n\t'\"-"), max_size=60)


@given(TEXT, st.lists(st.sampled_from(WORDS), unique=True))
def test_words_are_found_as_by_the_search_for_any_pattern(text: str, tokens: list[str]) -> None:
    assert mentions(text.encode(), tokens) == Search(tokens)(text.encode())


@given(TEXT, st.sampled_from(WORDS), TEXT)
def test_a_word_is_found_wherever_it_stands(before: str, word: str, after: str) -> None:
    assert mentions(f"{before} {word}\n{after}".encode(), [word, "absent"]) == (word,)


@pytest.mark.parametrize(
    "literal",
    [r"'\nhook'", r"'\x20hook'", r"'\040hook'", r"'\u0020hook'", r"'\U00000020hook'", r"'\thook x'"],
)
def test_the_end_of_an_escape_is_no_letter_of_the_word(literal: str) -> None:
    assert "hook" in ast.literal_eval(literal).split()
    assert mentions(literal.encode(), ["hook"]) == ("hook",)


def test_a_longer_word_is_another_one() -> None:
    assert mentions(b"unhook hooked hook_", ["hook"]) == ()
