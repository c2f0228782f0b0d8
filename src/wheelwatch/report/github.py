"""GitHub annotations: workflow commands, as many as GitHub shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from wheelwatch import escape
from wheelwatch.engine.verdict import counts, leaves_gap
from wheelwatch.model import Failure, Finding, Package, Report, Severity, Unread
from wheelwatch.report import phrase
from wheelwatch.report.location import asked
from wheelwatch.report.selection import is_folded, told

LIMIT = 10
"""Annotations of one kind that GitHub keeps of a step; the rest it drops in silence."""

Body: TypeAlias = Callable[[], str]
"""Makes what stands behind the first word of a command; of tens of thousands few are made."""

STEPS = 12
"""Steps of a chain in one annotation."""

GATE = 2_000
"""Characters of what the gate says: an old line and a new one with all that is escaped in them."""


def render(report: Report) -> str:
    """The annotations, worst first; nothing when there is nothing to say."""
    found = [pair for pair in told(report) if not is_folded(pair[1])]
    gaps = [
        (package, row) for package in report.packages for row in package.not_analysed if leaves_gap(row)
    ]
    errors: list[Body] = [partial(_finding, *pair) for pair in found if counts(pair[1], report.fail_on)]
    errors += [partial(_failure, row) for row in report.errors]
    errors += [partial(_gap, *pair) for pair in gaps]
    rest = [pair for pair in found if not counts(pair[1], report.fail_on)]
    warnings = [partial(_finding, *pair) for pair in rest if pair[1].severity > Severity.LOW]
    notices = [partial(_finding, *pair) for pair in rest if pair[1].severity is Severity.LOW]
    lines = [*_kind("error", errors), *_kind("warning", warnings), *_kind("notice", notices)]
    return "".join(f"{line}\n" for line in lines)


def _kind(word: str, bodies: Sequence[Body]) -> Iterator[str]:
    """The annotations of one kind; the last that GitHub shows tells how many it would drop."""
    shown = bodies if len(bodies) <= LIMIT else bodies[: LIMIT - 1]
    yield from (f"::{word} {body()}" for body in shown)
    if len(shown) < len(bodies):
        rest = phrase.count(len(bodies) - len(shown), "more finding")
        yield f"::{word} title=wheelwatch::{rest} of this kind, in the report and the job summary"


def _failure(row: Failure) -> str:
    return _command(None, "wheelwatch: error", f"{row.where}: {row.what}")


def _gap(package: Package, row: Unread) -> str:
    return _command(package, "wheelwatch: not analysed", f"{package.name}: {phrase.unread(row)}")


def _finding(package: Package, finding: Finding) -> str:
    parts = [f"{package.name} {package.version}".strip() + f": {finding.message}"]
    where = phrase.place(finding.path, finding.line, finding.column)
    if where:
        parts.append(where)
    if len(finding.chain) > 1:
        steps = [" ".join(phrase.step(step, package.name)) for step in finding.chain[:STEPS]]
        parts.append("chain: " + " -> ".join(steps) + (" -> ..." if len(finding.chain) > STEPS else ""))
    gate = phrase.standing(finding.standing) if finding.standing is not None else ""
    return _command(package, f"{finding.severity.label}: {finding.rule}", *parts, gate=gate)


def _command(package: Package | None, title: str, *parts: str, gate: str = "") -> str:
    """Everything of a workflow command behind its first word."""
    cut = [*map(phrase.cut, parts), *([phrase.cut(gate, GATE)] if gate else [])]
    text = "%0A".join(map(escape.command, cut))
    where = ""
    if package is not None:
        file, line = asked(package)
        where = f"file={escape.argument(phrase.cut(file))},line={line},"
    return f"{where}title={escape.argument(phrase.cut(title))}::{text}"
