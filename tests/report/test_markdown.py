"""Markdown, parsed as CommonMark with tables: the structure is ours, whatever a target says."""

from __future__ import annotations

from collections import Counter

import pytest
from markdown_it import MarkdownIt

from tests.report import samples
from wheelwatch.model import Ruling, Severity, Standing
from wheelwatch.report import markdown

PARSER = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
TAGS = {"<code>", "</code>", "<br>"}


def structure(text: str) -> Counter[str]:
    """The kinds of everything that a reader sees, with the tags that stand in running text."""
    found: Counter[str] = Counter()
    for token in PARSER.parse(text):
        found[token.type] += 1
        for child in token.children or ():
            found[child.content if child.type == "html_inline" else child.type] += 1
    return found


def shown(text: str) -> str:
    inline = (child for token in PARSER.parse(text) for child in token.children or ())
    return "".join(child.content for child in inline if child.type == "text")


def test_a_table_of_findings_with_chain_and_place() -> None:
    text = markdown.render(samples.report(samples.package(samples.finding())))
    found = structure(text)
    assert (found["table_open"], found["tr_open"], found["td_open"]) == (1, 2, 5)
    assert "zz.pth:1 -> demo/_boot.py:3 -> demo/_hooks.py:12" in shown(text)
    assert "installs a trace function with sys.settrace" in shown(text)


def test_approved_findings_are_counted_only() -> None:
    standing = Standing(ruling=Ruling.APPROVED, reason="fine")
    rows = (samples.finding(standing=standing), samples.finding(severity=Severity.LOW))
    text = markdown.render(samples.report(samples.package(*rows)))
    assert structure(text)["tr_open"] == 2
    assert "1 finding approved." in text


@pytest.mark.parametrize("text", samples.INJECTIONS)
def test_hostile_text_is_text(text: str) -> None:
    hostile, harmless = (markdown.render(samples.injected(words)) for words in (text, "harmless"))
    found, expected = structure(hostile), structure(harmless)
    found.pop("text"), expected.pop("text")
    assert found == expected
    assert {kind for kind in found if kind.startswith("<")} <= TAGS
    assert "owned.example" not in hostile or "https://owned" not in hostile
    assert "www.owned" not in hostile


def test_fifty_thousand_findings_fit_into_a_comment() -> None:
    text = markdown.render(samples.many(50_000))
    assert len(text.encode()) <= 65_536
    assert "the worst" in text.splitlines()[6]
    assert "more findings, in the full report" in text
