"""The SARIF log matches the published schema, loads elsewhere, and keeps to what services take."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest
from sarif_pydantic import Sarif  # type: ignore[import-untyped]  # ships no types

from tests.report import samples
from wheelwatch.model import Origin, RuleId, Ruling, Severity, Standing
from wheelwatch.report import sarif
from wheelwatch.rules import RULES

SCHEMAS = Path(__file__).with_name("schemas")
SCHEMA = SCHEMAS / "sarif-2.1.0-rtm.5.json"
VALIDATOR = jsonschema.Draft4Validator(json.loads(SCHEMA.read_text()))


def run(text: str) -> dict[str, Any]:
    """The one run of a log that is valid and that a library reads."""
    document = json.loads(text)
    VALIDATOR.validate(document)
    assert len(Sarif.model_validate(document).runs) == 1
    (found,) = document["runs"]
    assert isinstance(found, dict)
    return found


def test_the_schema_is_the_one_that_its_readme_names() -> None:
    digest = hashlib.sha256(SCHEMA.read_bytes()).hexdigest()
    assert f"| `{SCHEMA.name}` |" in (SCHEMAS / "README.md").read_text()
    assert digest in (SCHEMAS / "README.md").read_text()


def test_a_finding_has_level_place_chain_and_our_fingerprint() -> None:
    found = run(sarif.render(samples.report(samples.package(samples.finding()))))
    (result,) = found["results"]
    rule = found["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (result["ruleId"], rule["id"], result["level"]) == ("hook-trace", "hook-trace", "error")
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "demo-1.0-py3-none-any.whl"
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "demo/_hooks.py:12:5"
    assert result["partialFingerprints"]["primaryLocationLineHash"] == "f" * 32
    (flow,) = result["codeFlows"]
    steps = [row["location"]["message"]["text"] for row in flow["threadFlows"][0]["locations"]]
    assert [step.split(": ")[0] for step in steps] == ["zz.pth:1", "demo/_boot.py:3", "other"]


def test_a_requirement_is_the_place_of_what_it_brought() -> None:
    origin = Origin(
        requirement="demo>=1", file="reqs/base file.txt", line=7, path=("demo",), url="", uploaded=None,
        cached=False,
    )  # fmt: skip
    found = run(sarif.render(samples.report(samples.package(samples.finding(), origin=origin))))
    place = found["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "reqs/base%20file.txt"}, "region": {"startLine": 7}}


def test_every_enabled_rule_has_help_and_a_security_severity() -> None:
    report = samples.report(disabled=(RuleId("hook-gc"),))
    listed = run(sarif.render(report))["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in listed} == {rule.ID for rule in RULES} - {"hook-gc"}
    for rule in listed:
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert 0 <= float(rule["properties"]["security-severity"]) <= 10


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [("critical", "error", 9.0), ("high", "error", 7.0), ("medium", "warning", 4.0), ("low", "note", 0.1)],
)
def test_levels_and_the_bands_of_code_scanning(severity: str, level: str, score: float) -> None:
    row = samples.finding(severity=Severity[severity.upper()])
    found = run(sarif.render(samples.report(samples.package(row))))
    assert found["results"][0]["level"] == level
    (rule,) = [rule for rule in found["tool"]["driver"]["rules"] if rule["id"] == row.rule]
    assert score <= float(rule["properties"]["security-severity"]) < score + 3


def test_an_approved_finding_is_a_suppression() -> None:
    standing = Standing(ruling=Ruling.APPROVED, reason="our own debugger", who="ada", date="2026-11-22")
    rows = (samples.finding(standing=standing), samples.finding(fingerprint="a" * 32))
    results = run(sarif.render(samples.report(samples.package(*rows))))["results"]
    assert [("suppressions" in row) for row in results] == [False, True]
    assert results[1]["suppressions"][0]["justification"] == "our own debugger"
    assert results[1]["suppressions"][0]["kind"] == "external"


@pytest.mark.parametrize("complete", [True, False])
def test_only_an_incomplete_run_is_no_success(complete: bool) -> None:
    rows = (samples.unread(), samples.unread(path="demo/y.py", decisive=not complete))
    report = samples.report(samples.package(not_analysed=rows), complete=complete)
    (invocation,) = run(sarif.render(report))["invocations"]
    assert invocation["executionSuccessful"] is complete
    levels = [row["level"] for row in invocation["toolExecutionNotifications"]]
    assert levels == (["note", "note"] if complete else ["error", "note"])


@pytest.mark.parametrize("text", samples.INJECTIONS)
def test_hostile_text_is_text(text: str) -> None:
    report = samples.injected(text)
    written = sarif.render(report)
    assert written.isascii()
    found = run(written)
    assert len(found["results"]) == 3
    for result in found["results"]:
        message = result["message"]["text"]
        assert not any(ord(c) < 0x20 or 0x202A <= ord(c) <= 0x2069 for c in message)
        assert "](" not in message.replace("\\]", "")
        assert "{" not in message.replace("{{", "")


def test_fifty_thousand_findings_are_as_many_as_a_service_takes() -> None:
    text = sarif.render(samples.many(50_000))
    found = json.loads(text)["runs"][0]
    assert len(found["results"]) == sarif.RESULTS
    assert found["results"][0]["message"]["text"].endswith("the worst")
    notes = [row["message"]["text"] for row in found["invocations"][0]["toolExecutionNotifications"]]
    assert any("45,000 more findings are left out (45000 medium)" in note for note in notes)
    assert len(text) < 10_000_000 * 3
