"""JUnit XML: one case for each package, which fails with what stops the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wheelwatch import escape
from wheelwatch.engine.verdict import counts, leaves_gap
from wheelwatch.model import Failure, Finding, Package, Report
from wheelwatch.report import phrase
from wheelwatch.report.selection import told

SHOWN = 50
"""Findings that one case names."""


def render(report: Report) -> str:
    """The whole document."""
    found: dict[int, list[Finding]] = {}
    for package, finding in told(report):
        found.setdefault(id(package), []).append(finding)
    cases = [_Case(report, package, found.get(id(package), [])) for package in report.packages]
    failures = sum(case.has_failed for case in cases)
    errors = sum(case.has_gaps for case in cases) + len(report.errors)
    count = len(cases) + len(report.errors)
    numbers = f'tests="{count}" failures="{failures}" errors="{errors}" skipped="0" time="0"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {numbers}>"]
    lines.append(f'  <testsuite name="wheelwatch" {numbers}>')
    for case in cases:
        lines += case.lines()
    for failure in report.errors:
        lines += _error(failure)
    return "\n".join([*lines, "  </testsuite>", "</testsuites>", ""])


class _Case:
    """The case of one package."""

    def __init__(self, report: Report, package: Package, findings: Sequence[Finding]) -> None:
        self._package = package
        self._stopping = [row for row in findings if counts(row, report.fail_on)]
        self._rest = [row for row in findings if not counts(row, report.fail_on)]
        self._gaps = [row for row in package.not_analysed if leaves_gap(row)]
        self.has_failed = bool(self._stopping)
        self.has_gaps = bool(self._gaps) and not self.has_failed

    def lines(self) -> Iterator[str]:
        """The element, with what stops the run as its failure and everything else as its output."""
        package = self._package
        name = _quoted(f"{package.name} {package.version}".strip())
        yield f'    <testcase classname="{_quoted(package.location)}" name="{name}" time="0">'
        if self.has_failed:
            message = f"{package.level.label}: {phrase.severities(self._stopping)}"
            yield f'      <failure type="{package.level.label}" message="{_quoted(message)}">'
            yield from _findings(self._stopping, package)
            yield "      </failure>"
        gaps = [escape.xml(phrase.unread(row)) for row in self._gaps[:SHOWN]]
        if self.has_gaps:
            message = f"{phrase.count(len(self._gaps), 'file')} not analysed"
            yield f'      <error type="incomplete" message="{message}">'
            yield from gaps
            yield "      </error>"
        if self._rest or (gaps and not self.has_gaps):
            yield "      <system-out>"
            yield from _findings(self._rest, package)
            yield from gaps if not self.has_gaps else ()
            yield "      </system-out>"
        yield "    </testcase>"


def _findings(findings: Sequence[Finding], package: Package) -> Iterator[str]:
    for finding in findings[:SHOWN]:
        where = phrase.place(finding.path, finding.line, finding.column)
        text = f"{finding.severity.label} [{finding.rule}] {where}: {phrase.cut(finding.message)}"
        yield escape.xml(text)
        for step in finding.chain if len(finding.chain) > 1 else ():
            yield escape.xml("  -> " + "  ".join(phrase.step(step, package.name)))
        if finding.standing is not None:
            yield escape.xml("  = " + phrase.standing(finding.standing))
    if len(findings) > SHOWN:
        yield f"{phrase.count(len(findings) - SHOWN, 'more finding')}, in the JSON report"


def _error(failure: Failure) -> Iterator[str]:
    yield f'    <testcase classname="wheelwatch" name="{_quoted(failure.where)}" time="0">'
    yield f'      <error type="error" message="{_quoted(failure.what)}">{escape.xml(failure.hint)}</error>'
    yield "    </testcase>"


def _quoted(text: str) -> str:
    return escape.xml(phrase.cut(text))
