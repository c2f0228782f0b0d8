"""No text of a target moves the cursor, hides, reorders or becomes markup."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelwatch import escape


@pytest.mark.parametrize("text", ["plain", "a\\b", "naïve", "日本語", "emoji 🎉", "[bold]", "a.b:c"])
def test_harmless_text_stays(text: str) -> None:
    assert escape.terminal(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egnp.\u2066", "\\u202egnp.\\u2066"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("\udcff", "\\udcff"),
        ("\xa0\u3000", "\\xa0\\u3000"),
        ("z\u0301", "z\\u0301"),
        ("\U000e0041", "\\U000e0041"),
        ("\x00\x7f", "\\x00\\x7f"),
    ],
)
def test_what_a_terminal_obeys_is_shown(text: str, shown: str) -> None:
    assert escape.terminal(text) == shown


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_escaped_text_is_one_printable_line(text: str) -> None:
    shown = escape.terminal(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in shown)
    shown.encode("utf-8")


def test_json_text_has_no_lone_surrogates() -> None:
    assert escape.json("a\udcffb\x1b") == "a\\udcffb\x1b"


@pytest.mark.parametrize("text", ["::error::x", "  ::error::x", "\t::add-mask::x", "a\n::error::x\n :: x"])
def test_no_line_is_a_command(text: str) -> None:
    written = escape.lines(text)
    assert not any(line.strip().startswith("::") for line in written.splitlines())
    assert len(written.splitlines()) == len(text.splitlines())
    assert escape.lines("a ::error") == "a ::error"


def test_what_github_takes_for_a_command_anywhere_is_broken_up() -> None:
    assert "##[" not in escape.terminal("x ##[error]owned")
    text = json.dumps({"a": "##[error]owned"})
    assert "##[" not in escape.document(text)
    assert json.loads(escape.document(text)) == json.loads(text)


def test_xml_has_no_tag_and_no_character_that_xml_lacks() -> None:
    assert escape.xml("</a b='\"'>&\x00\ufffe") == "&lt;/a b=&#39;&quot;&#39;&gt;&amp;\\x00\\ufffe"


def test_workflow_commands_have_no_percent_of_a_target() -> None:
    assert escape.command("100%\n::x") == "100%25\\n::x"
    assert escape.argument("a,b:c%0A") == "a%2Cb%3Ac%250A"
