"""SARIF 2.1.0: the log of one run, within the limits of code scanning services."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from wheelwatch import escape, rules
from wheelwatch.engine.verdict import leaves_gap
from wheelwatch.model import Finding, Package, Report, Ruling, Severity, Standing, Step
from wheelwatch.report import phrase
from wheelwatch.report.location import asked, uri
from wheelwatch.report.selection import is_folded, told

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | bool | None"
Object: TypeAlias = "dict[str, Value]"

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS = 5_000
"""Results that GitHub keeps of a run; it refuses a run of 25,000."""

NOTES = 500
"""Notifications of one kind."""

STEPS = 100
"""Steps of a code flow; of a longer chain both ends."""

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
"""In the bands in which GitHub calls a result critical, high, medium, low."""


def render(report: Report) -> str:
    """The log as JSON text, ASCII only."""
    return escape.document(json.dumps(document(report), indent=1)) + "\n"


def document(report: Report) -> Object:
    """The log as plain values."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_Run(report).value()]}


class _Run:
    """The one run of a log."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._found = told(report)
        self._known = [rule for rule in rules.catalogue() if rule.id not in report.disabled]
        self._index = {rule.id: number for number, rule in enumerate(self._known)}
        self._grades: dict[str, Severity] = {}
        for _, row in self._found:
            if not is_folded(row):
                self._grades[row.rule] = max(row.severity, self._grades.get(row.rule, Severity.INFO))

    def value(self) -> Object:
        """The run."""
        report = self._report
        driver: Object = {
            "name": "wheelwatch",
            "version": report.wheelwatch,
            "semanticVersion": report.wheelwatch,
            "rules": [self._rule(rule) for rule in self._known],
        }
        return {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [self._invocation()],
            "results": [self._result(*pair) for pair in self._found[:RESULTS]],
            "properties": {"outcome": report.outcome.value, "complete": report.complete},
        }

    def _rule(self, rule: rules.Explanation) -> Object:
        worst = self._worst(rule)
        text = f"{rule.why} When it is fine: {rule.fine} Instead: {rule.instead}"
        help_ = f"{rule.why}\n\n**When it is fine:** {rule.fine}\n\n**Instead:** {rule.instead}"
        return {
            "id": rule.id,
            "shortDescription": {"text": phrase.prose(rule.title)},
            "fullDescription": {"text": phrase.prose(rule.why)},
            "help": {"text": phrase.prose(text), "markdown": help_.replace("``", "`")},
            "defaultConfiguration": {"level": LEVELS[worst]},
            "properties": {
                "security-severity": SCORES[worst],
                "precision": "high",
                "tags": ["security", "supply-chain", rule.id.partition("-")[0]],
            },
        }

    def _worst(self, rule: rules.Explanation) -> Severity:
        """The worst that was found, else what the table says: readers know one value for a rule."""
        found = self._grades.get(rule.id)
        if found is not None:
            return found
        return max((severity for _, severity in rule.severities), default=Severity.MEDIUM)

    def _result(self, package: Package, finding: Finding) -> Object:
        value: Object = {
            "ruleId": finding.rule,
            "level": LEVELS[finding.severity],
            "message": {"text": escape.sarif(f"{_named(package)}: {finding.message}{_reopened(finding)}")},
            "locations": [_location(package, finding.path, finding.line, finding.column)],
            "fingerprints": {"wheelwatch/v1": finding.fingerprint},
            "partialFingerprints": {"primaryLocationLineHash": finding.fingerprint},
            "properties": {
                "severity": finding.severity.label,
                "trigger": finding.trigger.value,
                "confidence": finding.confidence.value,
                "applies": finding.applies,
                "pythons": list(finding.pythons),
            },
        }
        if finding.rule in self._index:
            value["ruleIndex"] = self._index[finding.rule]
        if len(finding.chain) > 1:
            steps = [_flow(package, step) for step in _ends(finding.chain)]
            value["codeFlows"] = [{"threadFlows": [{"locations": list(steps)}]}]
        if finding.standing is not None and finding.standing.is_suppressed:
            value["suppressions"] = [_suppression(finding.standing)]
        elif finding.standing is not None:
            value["baselineState"] = "updated" if finding.standing.detail else "new"
        return value

    def _invocation(self) -> Object:
        report = self._report
        notes = list(self._notes())
        return {
            "executionSuccessful": report.complete,
            "exitCodeDescription": report.outcome.value,
            "toolExecutionNotifications": notes,
        }

    def _notes(self) -> Iterator[Value]:
        """Errors, files that make the run incomplete, other files, and what was left out."""
        report = self._report
        for failure in report.errors[:NOTES]:
            yield _note("error", f"{failure.where}: {failure.what}")
        if len(report.errors) > NOTES:
            yield _note("error", phrase.count(len(report.errors) - NOTES, "more error"))
        rows = [(package, row) for package in report.packages for row in package.not_analysed]
        rows.sort(key=lambda pair: not leaves_gap(pair[1]))
        for package, row in rows[:NOTES]:
            level = "error" if leaves_gap(row) else "note"
            yield _note(level, f"not analysed: {_named(package)}: {phrase.unread(row)}", package, row.path)
        if len(rows) > NOTES:
            yield _note("note", f"{len(rows) - NOTES:,} more files were not analysed")
        infos = sum(len(package.findings) for package in report.packages) - len(self._found)
        if infos:
            text = f"{phrase.count(infos, 'info finding')} left out, nothing to act on: see the JSON report"
            yield _note("note", text)
        if len(self._found) > RESULTS:
            left = [row for _, row in self._found[RESULTS:]]
            counted = phrase.severities(left)
            yield _note(
                "warning",
                f"{len(left):,} more findings are left out ({counted}): services take no more in one run;"
                " the JSON report holds them all",
            )


def _reopened(finding: Finding) -> str:
    """What makes an approved finding another one; the rest of a standing has fields of its own."""
    row = finding.standing
    return f"; {phrase.standing(row)}" if row is not None and row.ruling is Ruling.CHANGED else ""


def _named(package: Package) -> str:
    return f"{package.name} {package.version}".strip()


def _location(package: Package, path: str, line: int, column: int = 0) -> Object:
    """The scanned thing, and inside it the file and line."""
    file, number = asked(package)
    region: Object = {"startLine": number}
    logical: list[Value] = []
    if path:
        where = phrase.place(path, line, column)
        name = {"name": escape.terminal(path.rpartition("/")[2]), "fullyQualifiedName": where}
        logical = [{**name, "kind": "resource"}]
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri(file)}, "region": region},
        "logicalLocations": logical,
    }


def _flow(package: Package, step: Step) -> Object:
    where, what = phrase.step(step, package.name)
    location = _location(package, step.path, step.line)
    return {"location": {**location, "message": {"text": escape.sarif(f"{where}: {what}")}}}


def _ends(chain: Sequence[Step]) -> Sequence[Step]:
    return chain if len(chain) <= STEPS else (*chain[: STEPS // 2], *chain[-STEPS // 2 :])


def _suppression(standing: Standing) -> Object:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": escape.terminal(standing.reason),
        "properties": {
            "ruling": standing.ruling.value,
            "who": escape.terminal(standing.who),
            "date": standing.date,
            "expires": standing.expires,
        },
    }


def _note(level: str, text: str, package: Package | None = None, path: str = "") -> Object:
    note: Object = {"level": level, "message": {"text": escape.sarif(phrase.cut(text, 1000))}}
    if package is not None:
        note["locations"] = [_location(package, path, 0)]
    return note
