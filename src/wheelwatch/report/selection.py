"""Which findings the reports for other programs hold, and in which order."""

from __future__ import annotations

from wheelwatch.engine.verdict import counts
from wheelwatch.model import Finding, Package, Report, Severity

STARTUP = "startup-"


def told(report: Report) -> list[tuple[Package, Finding]]:
    """What a reader has to know: what stops the run first, then the worst first.

    Left out is what is only information: no startup file, not approved, not at the threshold.
    """
    found = [
        (package, row)
        for package in report.packages
        for row in package.findings
        if is_told(row, report.fail_on)
    ]
    stopping = [counts(row, report.fail_on) for _, row in found]
    order = sorted(
        range(len(found)), key=lambda n: (not stopping[n], is_folded(found[n][1]), -found[n][1].severity)
    )
    return [found[number] for number in order]


def is_folded(finding: Finding) -> bool:
    """Somebody approved or excepted it."""
    return finding.standing is not None and finding.standing.is_suppressed


def is_told(finding: Finding, fail_on: Severity | None) -> bool:
    """It is more than information, about a startup file, ruled on, or what stops the run."""
    if finding.standing is not None or finding.rule.startswith(STARTUP):
        return True
    return finding.applies and (finding.severity > Severity.INFO or counts(finding, fail_on))
