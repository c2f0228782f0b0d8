"""GitHub annotations: a line for each, as many as GitHub shows, and none that a target wrote."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from tests.report import samples
from wheelwatch.model import Origin, Outcome, Ruling, Severity, Standing
from wheelwatch.report import github

COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<arguments>[^:]*)::(?P<text>.*)")


def commands(text: str) -> list[re.Match[str]]:
    """What the runner would take for a command, line by line."""
    found = [COMMAND.fullmatch(line) for line in text.splitlines()]
    assert all(found)
    return [match for match in found if match]


def test_what_stops_is_an_error_and_the_rest_is_not() -> None:
    rows = (
        samples.finding(),
        samples.finding(severity=Severity.MEDIUM),
        samples.finding(severity=Severity.LOW),
        samples.finding(severity=Severity.INFO),
        samples.finding(standing=Standing(ruling=Ruling.APPROVED, reason="fine")),
    )
    found = commands(github.render(samples.report(samples.package(*rows))))
    assert [match["kind"] for match in found] == ["error", "warning", "notice"]
    assert found[0]["arguments"] == "file=demo-1.0-py3-none-any.whl,line=1,title=high%3A hook-trace"
    lines = unquote(found[0]["text"]).splitlines()
    assert lines[:2] == ["demo 1.0: installs a trace function with sys.settrace", "demo/_hooks.py:12:5"]
    assert lines[2].startswith("chain: zz.pth:1 import demo._boot -> demo/_boot.py:3 install()")


def test_the_line_is_that_of_the_requirement() -> None:
    origin = Origin(
        requirement="demo", file="requirements.txt", line=3, path=("demo",), url="", uploaded=None,
        cached=True,
    )  # fmt: skip
    (found,) = commands(github.render(samples.report(samples.package(samples.finding(), origin=origin))))
    assert found["arguments"].startswith("file=requirements.txt,line=3,")


def test_errors_and_gaps_are_errors() -> None:
    package = samples.package(not_analysed=(samples.unread(decisive=True), samples.unread()))
    report = samples.report(package, errors=(samples.failure(),), outcome=Outcome.INCOMPLETE)
    found = commands(github.render(report))
    assert [match["kind"] for match in found] == ["error", "error"]


def test_nothing_to_say_is_no_line() -> None:
    assert github.render(samples.report(samples.package(), outcome=Outcome.PASS)) == ""


@pytest.mark.parametrize("text", samples.INJECTIONS)
def test_hostile_text_is_text(text: str) -> None:
    found = commands(github.render(samples.injected(text)))
    assert len(found) == 4
    for match in found:
        values = [unquote(part.partition("=")[2]) for part in match["arguments"].split(",")]
        keys = [part.partition("=")[0] for part in match["arguments"].split(",")]
        assert keys in (["file", "line", "title"], ["title"])
        assert not any(ord(c) < 0x20 for value in values for c in value)


def test_fifty_thousand_findings_are_as_many_as_github_shows() -> None:
    found = commands(github.render(samples.many(50_000)))
    assert [match["kind"] for match in found] == ["error"] + ["warning"] * github.LIMIT
    assert "49,990 more findings" in found[-1]["text"]
