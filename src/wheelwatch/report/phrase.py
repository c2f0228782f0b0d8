"""The words in which reports tell versions, triggers and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wheelwatch import escape
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Finding,
    Outcome,
    Report,
    Ruling,
    Severity,
    Standing,
    Step,
    Unread,
    Version,
)

GUARDS = {
    "ci": "a CI system",
    "decorated": "what a decorator makes of it",
    "debugger": "a debugger or what is loaded",
    "host": "the host or user",
    "main": "being run as a program",
    "platform": "the platform",
    "time": "the time",
    "type-checking": "type checking",
    "version": "the Python version",
}
"""The guards of `model.Step` in words; the others are environment variables, ``env:NAME``."""

LONGEST = 300
"""Characters of a path or name that a report shows; more than any file name that a system allows."""

VERDICTS = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.INCOMPLETE: "incomplete",
    Outcome.EMPTY: "nothing to scan",
}


def pythons(versions: Sequence[Version]) -> str:
    """``Python 3.8 to 3.11, 3.15``: neighbours as ranges."""
    order = {version: place for place, version in enumerate(SUPPORTED_PYTHONS)}
    runs: list[list[Version]] = []
    for version in sorted(versions, key=lambda version: order.get(version, -1)):
        if runs and order.get(version, -1) == order.get(runs[-1][-1], -1) + 1:
            runs[-1].append(version)
        else:
            runs.append([version])
    parts = (run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
    return "Python " + ", ".join(parts) if runs else "no Python"


def prose(text: str) -> str:
    """Our own documentation as running text, without its markup."""
    return " ".join(text.replace("``", "").split())


def count(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def severities(findings: Sequence[Finding]) -> str:
    """``1 high, 2 medium``, the worst first; empty when there are none."""
    counted = Counter(finding.severity for finding in findings if finding.applies)
    worst_first = sorted(Severity, reverse=True)
    return ", ".join(f"{counted[grade]} {grade.label}" for grade in worst_first if counted[grade])


def place(path: str, line: int, column: int = 0) -> str:
    """``path:line:column``, escaped, without the parts that are 0."""
    numbers = "".join(f":{number}" for number in (line, column) if number)
    return shown(path) + numbers


def shown(text: str, longest: int = LONGEST) -> str:
    """A text of the target, escaped; of one that would fill the screen the middle is left out."""
    return cut(escape.terminal(text), longest)


def cut(text: str, longest: int = LONGEST) -> str:
    """A text of the target, not escaped; of one that nobody would read the middle is left out."""
    if len(text) <= longest:
        return text
    kept = longest // 3
    return f"{text[:kept]}...({len(text) - 2 * kept:,} more characters)...{text[-kept:]}"


def standing(row: Standing) -> str:
    """What baseline and policy say of a finding; not escaped."""
    day = f" on {row.date}" if row.date else ""
    match row.ruling:
        case Ruling.APPROVED | Ruling.EXCEPTED:
            until = f" until {row.expires}" if row.expires else ""
            who = f" by {row.who}" if row.who else ""
            return f"{row.ruling.value}{who}{day}{until}: {row.reason}"
        case Ruling.EXPIRED:
            return f"the approval of {row.date} expired on {row.expires}"
        case Ruling.CHANGED:
            return f"approved{day}, and not any more: {row.detail}"
        case Ruling.REQUIRED:
            return "the policy wants every startup file approved, and this one is not"
        case Ruling.DENIED:
            return "the policy allows no startup file"
        case Ruling.REFUSED:
            return "the policy does not take it as it is"


def step(item: Step, package: str) -> tuple[str, str]:
    """Place and words of one step of a chain; another package than the finding's is named."""
    owner = f"{shown(item.package)}: " if item.package != package else ""
    guard = f"  ({condition(item.guard)})" if item.guard else ""
    return owner + place(item.path, item.line), shown(item.what) + guard


def condition(guard: str) -> str:
    """What a step depends on: ``depends on $NAME, the platform``."""
    parts = [part.strip() for part in guard.split(";")]
    named = [GUARDS.get(part) or _variable(part) for part in dict.fromkeys(parts) if part != "other"]
    return "depends on " + ", ".join(named) if named else "conditional"


def _variable(guard: str) -> str:
    return "$" + escape.terminal(guard.removeprefix("env:"))


def unread(item: Unread) -> str:
    """One file that could not be analysed, with its reason."""
    detail = f": {shown(item.detail)}" if item.detail else ""
    return f"{shown(item.path)}: {item.reason.value}{detail}"


def summary(report: Report) -> str:
    """The verdict and what it rests on, in one line."""
    findings = [finding for package in report.packages for finding in package.findings]
    rest = [row for row in findings if not (row.standing and row.standing.is_suppressed)]
    counted = severities([row for row in rest if is_counted(row, report.fail_on)])
    parts = [f"{count(len(report.packages), 'package')} scanned", counted or "no findings"]
    if len(rest) < len(findings):
        parts.append(f"{len(findings) - len(rest):,} approved")
    required = sum(row.applies and bool(row.standing and row.standing.must) for row in rest)
    if required:
        parts.append(f"{required:,} not approved")
    missing = sum(len(package.not_analysed) for package in report.packages)
    if missing:
        parts.append(f"{count(missing, 'file')} not analysed")
    if report.errors:
        parts.append(count(len(report.errors), "error"))
    return f"{VERDICTS[report.outcome]}: {'; '.join(parts)} ({gate(report.fail_on)})"


def is_counted(finding: Finding, fail_on: Severity | None) -> bool:
    """It is more than information, or information stops the run."""
    return finding.severity > Severity.INFO or fail_on is Severity.INFO


def gate(fail_on: Severity | None) -> str:
    """From which severity a run fails."""
    return "never fails" if fail_on is None else f"fails on {fail_on.label}"
