"""Two reports side by side: only what is new counts, and the same code at another line is not new."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest

from tests.report import samples
from tests.report.test_json import every_object
from tests.report.test_markdown import TAGS, structure
from wheelwatch.gate import compare
from wheelwatch.model import (
    Comparison,
    Evidence,
    Finding,
    Level,
    Origin,
    Outcome,
    PackageKind,
    Report,
    RuleId,
    Ruling,
    Severity,
    Standing,
    Trigger,
)
from wheelwatch.report import comparison as form
from wheelwatch.report import delta

SCHEMA = json.loads((files("wheelwatch.report") / "diff.json").read_text(encoding="utf-8"))


def report(*rows: Finding, version: str = "1.0", **changes: Any) -> Report:
    package = samples.package(*rows, version=version, **changes)
    return samples.report(package, outcome=Outcome.PASS)


def hook(**changes: Any) -> Finding:
    fields = {"trigger": Trigger.IMPORT, "severity": Severity.HIGH, "evidence": ()}
    return samples.finding(**(fields | changes))


def check(comparison: Comparison) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(delta.render(comparison))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_equal_sides_are_no_news() -> None:
    found = compare(report(hook()), report(hook(line=99)))
    assert (found.packages, found.same, found.outcome) == ((), 1, Outcome.PASS)
    assert form.summary(found).startswith("pass: 0 packages changed; new: nothing")


def test_what_appeared_counts_and_what_is_gone_does_not() -> None:
    added = compare(report(), report(hook(), version="2.0"))
    (one,) = added.packages
    assert (len(one.appeared), one.vanished, added.outcome) == (1, (), Outcome.FAIL)
    removed = compare(report(hook()), report(version="2.0"))
    (other,) = removed.packages
    assert (other.appeared, len(other.vanished), removed.outcome) == ((), 1, Outcome.PASS)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"fingerprint": "0" * 32}, None),
        ({"fingerprint": "0" * 32, "snippet": "sys.settrace(other)"}, "the code there"),
        ({"trigger": Trigger.INSTALL}, "runs at install, ran at import"),
        ({"trigger": Trigger.CALL}, None),
        ({"severity": Severity.CRITICAL}, "is critical, was high"),
        ({"severity": Severity.LOW}, None),
    ],
)
def test_a_change_is_told_in_words_and_counts(changes: dict[str, Any], detail: str | None) -> None:
    found = compare(report(hook()), report(hook(**changes)))
    shifts = [shift for package in found.packages for shift in package.changed]
    assert [shift.detail for shift in shifts] == ([detail] if detail else [])
    assert found.outcome is (Outcome.FAIL if detail else Outcome.PASS)


def test_startup_code_that_changed() -> None:
    before, after = (
        hook(
            trigger=Trigger.STARTUP,
            evidence=(Evidence(path="demo/_boot.py", function="<module>", digest=digest * 32),),
        )
        for digest in "12"
    )
    found = compare(report(before), report(after))
    (shift,) = found.packages[0].changed
    assert shift.detail == "startup code changed: demo/_boot.py <module>"
    assert found.outcome is Outcome.FAIL


def test_another_file_is_new_even_for_the_same_call() -> None:
    found = compare(report(hook()), report(hook(), hook(path="demo/x.py", fingerprint="0" * 32)))
    assert [row.path for row in found.packages[0].appeared] == ["demo/x.py"]
    twice = compare(report(hook()), report(hook(), hook(fingerprint="0" * 32)))
    assert len(twice.packages[0].appeared) == 1


def test_a_release_that_begins_to_run_at_startup_is_the_headline() -> None:
    line = samples.finding(rule=RuleId("startup-line"), severity=Severity.INFO)
    found = compare(report(), report(line, version="2.0"))
    assert found.packages[0].begins
    assert "begins to run code at every start of the interpreter" in form.render(found)
    assert "begins to run code at every start" in form.markdown(found)
    assert "1 of them new at startup" in form.summary(found)
    assert not compare(report(line), report(line, version="2.0")).packages[0].begins


def test_a_policy_that_wants_startup_files_approved_stops_new_ones() -> None:
    standing = Standing(ruling=Ruling.REQUIRED, must=True)
    line = samples.finding(rule=RuleId("startup-line"), severity=Severity.INFO, standing=standing)
    assert compare(report(), report(line, version="2.0")).outcome is Outcome.FAIL
    assert compare(report(line), report(line, version="2.0")).outcome is Outcome.PASS


@pytest.mark.parametrize(("ceiling", "outcome"), [(Level.MEDIUM, Outcome.FAIL), (Level.HIGH, Outcome.PASS)])
def test_the_level_of_a_package_that_is_new(ceiling: Level, outcome: Outcome) -> None:
    row = hook(severity=Severity.LOW)
    found = compare(samples.report(outcome=Outcome.EMPTY), report(row), ceiling=ceiling)
    assert found.outcome is outcome
    assert bool(found.packages[0].refused) is (outcome is Outcome.FAIL)
    assert compare(report(), report(row), ceiling=ceiling).outcome is Outcome.PASS, "it was there"


def test_native_modules_without_the_interpreter_in_their_name() -> None:
    old = report(native=("demo/a.cpython-311-x86_64-linux-gnu.so", "demo/b.abi3.so"))
    new = report(native=("demo/a.cpython-312-x86_64-linux-gnu.so", "demo/c.so"))
    (found,) = compare(old, new).packages
    assert (found.native_appeared, found.native_vanished) == (("demo/c.so",), ("demo/b.abi3.so",))


def test_gaps_and_errors_of_either_side_make_it_incomplete() -> None:
    gap = report(not_analysed=(samples.unread(decisive=True),))
    assert compare(report(), gap).outcome is Outcome.INCOMPLETE
    assert compare(gap, gap).outcome is Outcome.PASS, "it is not new"
    failed = samples.report(errors=(samples.failure(),), outcome=Outcome.INCOMPLETE)
    assert compare(failed, report()).outcome is Outcome.INCOMPLETE
    assert compare(report(), failed).outcome is Outcome.INCOMPLETE
    assert compare(failed, report(hook())).outcome is Outcome.FAIL


def test_unowned_files_are_compared_whatever_their_folder_is_called() -> None:
    old = report(hook(), name="one", kind=PackageKind.UNOWNED)
    new = report(hook(fingerprint="0" * 32), name="two", kind=PackageKind.UNOWNED)
    assert compare(old, new).packages == ()


def test_the_age_of_what_comes_from_an_index() -> None:
    origin = Origin(
        requirement="demo", file="", line=0, path=("demo",), url="", uploaded="2026-11-21T10:00:00Z",
        cached=False,
    )  # fmt: skip
    found = compare(report(), report(version="2.0", origin=origin))
    assert "uploaded 2026-11-21T10:00:00Z" in form.render(found)
    assert check(found)["packages"][0]["uploaded_new"] == "2026-11-21T10:00:00Z"


def test_json_is_valid_and_its_schema_closed() -> None:
    rows = (hook(), hook(rule=RuleId("hook-gc"), fingerprint="0" * 32))
    found = compare(report(*rows), report(hook(severity=Severity.CRITICAL), version="2.0"))
    document = check(found)
    assert (document["schema"], document["outcome"]) == ("wheelwatch-diff-1.0", "fail")
    assert document["packages"][0]["changed"][0]["detail"] == "is critical, was high"
    for node in every_object(SCHEMA):
        assert node["additionalProperties"] is False
        assert sorted(node["required"]) == sorted(node["properties"])


@pytest.mark.parametrize("text", samples.INJECTIONS)
def test_hostile_text_is_text(text: str) -> None:
    found = compare(samples.report(), samples.injected(text))
    check(found)
    written = form.render(found, verbose=True)
    assert not any(ord(c) < 0x20 or 0x202A <= ord(c) <= 0x2069 for c in written.replace("\n", ""))
    hostile = structure(form.markdown(found))
    harmless = structure(form.markdown(compare(samples.report(), samples.injected("harmless"))))
    hostile.pop("text"), harmless.pop("text")
    assert hostile == harmless
    assert {kind for kind in hostile if kind.startswith("<")} <= TAGS


def test_fifty_thousand_findings_fit_into_a_comment() -> None:
    found = compare(samples.report(), samples.many(50_000))
    assert len(form.markdown(found)) <= 65_536
    assert len(form.render(found).splitlines()) < 50
