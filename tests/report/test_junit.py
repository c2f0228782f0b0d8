"""JUnit XML: read by a reader of such reports, one case for each package, nothing injected."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from tests.report import samples
from wheelwatch.model import Outcome, Report, Ruling, Severity, Standing
from wheelwatch.report import junit


def cases(report: Report) -> list[TestCase]:
    text = junit.render(report)
    root = ET.fromstring(text)
    assert {node.tag for node in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "system-out",
    }  # fmt: skip
    (suite,) = JUnitXml.fromstring(text.encode())
    assert isinstance(suite, TestSuite)
    found = list(suite)
    assert suite.tests == len(found)
    assert suite.failures == sum(isinstance(row, Failure) for case in found for row in case.result)
    assert suite.errors == sum(isinstance(row, Error) for case in found for row in case.result)
    return found


def test_a_package_is_a_case_that_fails_with_what_stops_the_run() -> None:
    report = samples.report(
        samples.package(samples.finding(), samples.finding(severity=Severity.LOW, message="a low one")),
        samples.package(name="quiet"),
    )
    bad, good = cases(report)
    assert (bad.name, bad.classname) == ("demo 1.0", "demo-1.0-py3-none-any.whl")
    (failure,) = bad.result
    assert isinstance(failure, Failure)
    assert failure.message == "high: 1 high"
    assert "demo/_boot.py:3  install()" in failure.text
    assert "a low one" in bad.system_out
    assert good.is_passed


def test_approved_findings_do_not_fail() -> None:
    standing = Standing(ruling=Ruling.APPROVED, reason="our own")
    report = samples.report(samples.package(samples.finding(standing=standing)), outcome=Outcome.PASS)
    (case,) = cases(report)
    assert case.is_passed
    assert "approved: our own" in case.system_out


def test_gaps_and_errors_are_errors() -> None:
    package = samples.package(not_analysed=(samples.unread(decisive=True),))
    gap, error = cases(samples.report(package, errors=(samples.failure(),), outcome=Outcome.INCOMPLETE))
    assert [type(row) for row in (*gap.result, *error.result)] == [Error, Error]
    assert error.name == "gone.whl"


@pytest.mark.parametrize("text", samples.INJECTIONS)
def test_hostile_text_is_text(text: str) -> None:
    found = cases(samples.injected(text))
    assert len(found) == 2
    assert all(len(case.result) == 1 for case in found)


def test_fifty_thousand_findings_are_summarised() -> None:
    text = junit.render(samples.many(50_000))
    ET.fromstring(text)
    assert len(text) < 100_000
    assert "more findings" in text
