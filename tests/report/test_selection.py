"""Which findings every form of the report holds: nothing that stops a run is left out of one."""

from __future__ import annotations

import json

import pytest

from tests.report import samples
from wheelwatch.model import Level, Severity
from wheelwatch.report import github, junit, markdown, phrase, sarif, text

INFO = samples.finding(severity=Severity.INFO, message="only information")
FORMS = {
    "github": github.render,
    "junit": junit.render,
    "markdown": markdown.render,
    "sarif": sarif.render,
    "text": text.render,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("fail_on", "is_told"), [(Severity.INFO, True), (Severity.HIGH, False), (None, False)]
)
def test_information_is_told_where_it_stops_the_run(
    form: str, fail_on: Severity | None, *, is_told: bool
) -> None:
    report = samples.report(samples.package(INFO, level=Level.NONE, score=0), fail_on=fail_on)
    assert ("only information" in FORMS[form](report)) is is_told
    assert ("1 info (fails on info)" in phrase.summary(report)) is is_told


def test_a_log_says_how_much_it_leaves_out() -> None:
    report = samples.report(samples.package(samples.finding(), INFO, INFO))
    (run,) = json.loads(sarif.render(report))["runs"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert [row["level"] for row in notes] == ["note"]
    assert notes[0]["message"]["text"].startswith("2 info findings left out")
    assert len(run["results"]) == 1


def test_a_log_counts_the_errors_that_it_leaves_out() -> None:
    errors = tuple(samples.failure(where=f"{number}.whl") for number in range(sarif.NOTES + 3))
    (run,) = json.loads(sarif.render(samples.report(errors=errors, complete=False)))["runs"]
    notes = [row["message"]["text"] for row in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes[-1] == "3 more errors"
