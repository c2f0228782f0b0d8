"""``min-age``: a file that is too young stops the run, and so does one of unknown age."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.report import samples
from wheelwatch.gate import Gate, Policy, govern
from wheelwatch.gate.policy import Exemption
from wheelwatch.model import Origin, Outcome, Report, Ruling, Severity, Trigger

TODAY = dt.date(2026, 11, 22)


def ruled(uploaded: str | None, policy: Policy, **changes: object) -> Report:
    origin = Origin(
        requirement="demo", file="r.txt", line=1, path=("demo",), url="", uploaded=uploaded, cached=False
    )
    report = samples.report(samples.package(origin=origin), outcome=Outcome.PASS, **changes)
    return govern(report, Gate(today=TODAY, policy=policy))


@pytest.mark.parametrize(
    ("uploaded", "outcome", "words"),
    [
        ("2026-11-22T10:00:00Z", Outcome.FAIL, "0 days ago"),
        ("2026-11-16T10:00:00Z", Outcome.FAIL, "6 days ago"),
        ("2026-11-15T23:59:59Z", Outcome.PASS, ""),
        ("2027-01-01T00:00:00Z", Outcome.FAIL, "0 days ago"),
        (None, Outcome.FAIL, "nobody says when"),
        ("yesterday", Outcome.FAIL, "nobody says when"),
    ],
)
def test_days_are_counted(uploaded: str | None, outcome: Outcome, words: str) -> None:
    report = ruled(uploaded, Policy(min_age=7), fail_on=Severity.CRITICAL)
    assert report.outcome is outcome
    findings = report.packages[0].findings
    assert [words in row.message for row in findings] == ([True] if words else [])
    assert ruled(uploaded, Policy(), fail_on=Severity.CRITICAL).outcome is Outcome.PASS


def test_only_what_audit_takes_has_an_age() -> None:
    report = govern(samples.report(samples.package()), Gate(today=TODAY, policy=Policy(min_age=7)))
    assert report.packages[0].findings == ()


def test_an_exception_lets_a_fix_through() -> None:
    exemption = Exemption(package="demo", trigger=Trigger.INSTALL, reason="the fix", rule="policy-age")
    report = ruled("2026-11-22T10:00:00Z", Policy(min_age=7, exceptions=(exemption,)))
    (finding,) = report.packages[0].findings
    assert finding.standing is not None
    assert (report.outcome, finding.standing.ruling) == (Outcome.PASS, Ruling.EXCEPTED)
    off = ruled("2026-11-22T10:00:00Z", Policy(min_age=7, rules={"policy-age": "off"}))
    assert off.outcome is Outcome.PASS
