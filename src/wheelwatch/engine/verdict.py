"""From findings, gaps and errors to the outcome of a run: the table of DESIGN section 5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wheelwatch.model import (
    Failure,
    Finding,
    NotAnalysed,
    Outcome,
    Package,
    Reason,
    Severity,
    Trigger,
    Unread,
)

ON_A_PATH = frozenset({Trigger.STARTUP, Trigger.INSTALL, Trigger.AUTOLOAD})
"""Triggers of files that run without being imported by anybody's own code."""

SEARCHED = frozenset(
    {
        Reason.SYNTAX,
        Reason.ENCODING,
        Reason.UNDECODABLE,
        Reason.NUL,
        Reason.TOO_DEEP,
        Reason.TOO_MANY_NODES,
        Reason.BYTECODE_ONLY,
        Reason.NATIVE,
    }
)
"""Reasons that leave the bytes searched: without an anchor such a file holds no site.

For all others nobody knows what the file holds, which is not the same as nothing.
"""


def is_gap(problem: NotAnalysed, trigger: Trigger, *, is_searched: bool) -> bool:
    """A file whose absence from the analysis makes the run incomplete.

    Args:
        problem: why it was not analysed.
        trigger: when it runs, as far as is known.
        is_searched: its whole text was searched for anchors before the analysis failed.
    """
    if trigger in ON_A_PATH or problem.anchors:
        return True
    return not (is_searched or problem.reason in SEARCHED)


def counts(finding: Finding, fail_on: Severity | None) -> bool:
    """The finding alone makes the run fail."""
    if fail_on is None or not finding.applies:
        return False
    if finding.standing is not None and (finding.standing.is_suppressed or finding.standing.must):
        return finding.standing.must and not finding.standing.is_suppressed
    return finding.severity >= fail_on


def leaves_gap(unread: Unread) -> bool:
    """The file alone makes the run incomplete."""
    return unread.decisive and not (unread.standing is not None and unread.standing.is_suppressed)


def outcome(
    packages: Sequence[Package],
    errors: Iterable[Failure],
    *,
    fail_on: Severity | None,
    has_gaps: bool,
    is_empty: bool,
) -> Outcome:
    """The verdict; a finding at the threshold wins over everything that could not be done."""
    if any(counts(finding, fail_on) for package in packages for finding in package.findings):
        return Outcome.FAIL
    if has_gaps or any(errors):
        return Outcome.INCOMPLETE
    return Outcome.EMPTY if is_empty else Outcome.PASS
