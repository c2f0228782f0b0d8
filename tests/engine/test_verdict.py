"""Every row of the table of outcomes."""

from __future__ import annotations

import msgspec
import pytest

from tests.report.samples import failure, finding, package
from wheelwatch.engine.verdict import is_gap, outcome
from wheelwatch.model import NotAnalysed, Outcome, Package, Reason, Severity, Trigger


def packages(*severities: Severity, applies: bool = True) -> list[Package]:
    return [package(*(finding(severity=severity, applies=applies) for severity in severities))]


@pytest.mark.parametrize(
    ("severity", "fail_on", "expected"),
    [
        (Severity.INFO, Severity.HIGH, Outcome.PASS),
        (Severity.MEDIUM, Severity.HIGH, Outcome.PASS),
        (Severity.HIGH, Severity.HIGH, Outcome.FAIL),
        (Severity.CRITICAL, Severity.HIGH, Outcome.FAIL),
        (Severity.HIGH, Severity.CRITICAL, Outcome.PASS),
        (Severity.INFO, Severity.INFO, Outcome.FAIL),
        (Severity.CRITICAL, None, Outcome.PASS),
    ],
)
def test_the_threshold(severity: Severity, fail_on: Severity | None, expected: Outcome) -> None:
    found = outcome(packages(severity), (), fail_on=fail_on, has_gaps=False, is_empty=False)
    assert found is expected


def test_findings_on_versions_that_do_not_count_fail_nothing() -> None:
    judged = packages(Severity.CRITICAL, applies=False)
    assert outcome(judged, (), fail_on=Severity.LOW, has_gaps=False, is_empty=False) is Outcome.PASS


@pytest.mark.parametrize(
    ("severity", "fail_on", "has_gaps", "has_errors", "expected"),
    [
        (Severity.HIGH, Severity.HIGH, True, True, Outcome.FAIL),
        (Severity.HIGH, Severity.CRITICAL, True, False, Outcome.INCOMPLETE),
        (Severity.HIGH, None, True, False, Outcome.INCOMPLETE),
        (Severity.INFO, Severity.HIGH, False, True, Outcome.INCOMPLETE),
    ],
)
def test_fail_wins_over_incomplete(
    severity: Severity, fail_on: Severity | None, has_gaps: bool, has_errors: bool, expected: Outcome
) -> None:
    errors = (failure(),) if has_errors else ()
    found = outcome(packages(severity), errors, fail_on=fail_on, has_gaps=has_gaps, is_empty=False)
    assert found is expected


def test_nothing_to_scan() -> None:
    assert outcome((), (), fail_on=None, has_gaps=False, is_empty=True) is Outcome.EMPTY
    assert outcome((), (failure(),), fail_on=None, has_gaps=False, is_empty=True) is Outcome.INCOMPLETE
    assert outcome((), (), fail_on=None, has_gaps=False, is_empty=False) is Outcome.PASS


PYTHON_2 = NotAnalysed(reason=Reason.SYNTAX, detail="print 'x'")


@pytest.mark.parametrize("trigger", Trigger)
def test_a_file_on_a_path_is_a_gap(trigger: Trigger) -> None:
    on_a_path = trigger in (Trigger.STARTUP, Trigger.INSTALL, Trigger.AUTOLOAD)
    assert is_gap(PYTHON_2, trigger, is_searched=True) is on_a_path


def test_a_file_that_holds_an_anchor_is_a_gap() -> None:
    holding = msgspec.structs.replace(PYTHON_2, anchors=("settrace",))
    assert is_gap(holding, Trigger.CALL, is_searched=True)


@pytest.mark.parametrize("reason", [Reason.UNREADABLE, Reason.ENCRYPTED, Reason.TOO_LARGE, Reason.CORRUPT])
def test_a_file_of_which_nothing_is_known_is_a_gap(reason: Reason) -> None:
    problem = NotAnalysed(reason=reason, detail="")
    assert is_gap(problem, Trigger.IMPORT, is_searched=False)


@pytest.mark.parametrize("reason", [Reason.TOO_SLOW, Reason.WORKER_DIED, Reason.OUT_OF_MEMORY])
def test_a_file_that_was_searched_first_is_none(reason: Reason) -> None:
    problem = NotAnalysed(reason=reason, detail="")
    assert not is_gap(problem, Trigger.IMPORT, is_searched=True)
    assert is_gap(problem, Trigger.IMPORT, is_searched=False)
