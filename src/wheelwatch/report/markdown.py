"""Markdown for job summaries and comments: the verdict, a table of findings, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wheelwatch import escape
from wheelwatch.engine.verdict import leaves_gap
from wheelwatch.model import Approval, Finding, Package, Report
from wheelwatch.report import phrase
from wheelwatch.report.selection import is_folded, told

ROOM = 60_000
"""Characters; GitHub takes 65,536 in a comment."""

ROWS = 25
"""Rows of each of the smaller lists."""

STEPS = 8


def render(report: Report) -> str:
    """The whole report."""
    found = told(report)
    shown = [pair for pair in found if not is_folded(pair[1])]
    head = f"## wheelwatch: {phrase.VERDICTS[report.outcome]}\n\n{phrase.summary(report)}\n"
    tail = "".join(f"{line}\n" for line in _tail(report, len(found) - len(shown)))
    return head + _table(shown, ROOM - len(head) - len(tail)) + tail


def _table(found: Sequence[tuple[Package, Finding]], room: int) -> str:
    """As many rows as fit."""
    if not found:
        return ""
    head = "\n| severity | package | rule | what | where |\n|---|---|---|---|---|\n"
    lines = [head]
    room -= len(head) + 100
    for number, (package, finding) in enumerate(found):
        row = _row(package, finding)
        if room < len(row):
            lines.append(f"\n{phrase.count(len(found) - number, 'more finding')}, in the full report.\n")
            break
        lines.append(row)
        room -= len(row)
    return "".join(lines)


def _row(package: Package, finding: Finding) -> str:
    what = [code(finding.message)]
    if len(finding.chain) > 1:
        steps = [phrase.place(step.path, step.line) for step in finding.chain]
        cut = [*steps[: STEPS // 2], "...", *steps[-STEPS // 2 :]] if len(steps) > STEPS else steps
        what.append("chain: " + code(" -> ".join(cut)))
    if finding.standing is not None:
        what.append(code(phrase.standing(finding.standing)))
    cells = (
        f"**{finding.severity.label}**",
        code(f"{package.name} {package.version}".strip()),
        finding.rule,
        "<br>".join(what),
        code(phrase.place(finding.path, finding.line)),
    )
    return f"| {' | '.join(cells)} |\n"


def _tail(report: Report, folded: int) -> Iterator[str]:
    if folded:
        yield f"\n{phrase.count(folded, 'finding')} approved.\n"
    gaps = [
        (package, row) for package in report.packages for row in package.not_analysed if leaves_gap(row)
    ]
    yield from bullets(
        "Not analysed", (f"{code(package.name)}: {code(phrase.unread(row))}" for package, row in gaps)
    )
    yield from bullets("Errors", (f"{code(row.where)}: {code(row.what)}" for row in report.errors))
    if report.baseline is not None:
        yield from bullets("Expired approvals", map(_approval, report.baseline.expired))
        yield from bullets("Stale approvals", map(_approval, report.baseline.stale))


def bullets(title: str, items: Iterable[str]) -> Iterator[str]:
    """A list under its title, cut where nobody would read on; nothing for an empty one."""
    rows = list(items)
    if not rows:
        return
    yield f"\n### {title}\n"
    yield from (f"- {row}" for row in rows[:ROWS])
    if len(rows) > ROWS:
        yield f"- {len(rows) - ROWS:,} more"


def _approval(row: Approval) -> str:
    return f"{code(row.package)} {code(row.rule)} {code(row.path)}: {code(row.reason)}"


def code(text: str) -> str:
    """A text of the target, shown as it is."""
    return f"<code>{escape.markdown(phrase.cut(text))}</code>"
