"""``wheelwatch rules`` and ``explain`` show what the catalogue holds."""

from __future__ import annotations

import json

import pytest

from tests.support.program import wheelwatch
from wheelwatch.catalogue import entries
from wheelwatch.rules import catalogue

pytestmark = pytest.mark.processes


def test_the_list_has_one_line_for_each_rule() -> None:
    done = wheelwatch("rules")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == [rule.id for rule in catalogue()]


def test_the_long_list_has_every_name() -> None:
    done = wheelwatch("rules", "--verbose")
    words = set(done.out.replace(",", " ").split())
    assert done.code == 0
    assert {name for rule in catalogue() for name in rule.apis} <= words


def test_as_json_it_holds_the_rules_and_the_rows_of_the_catalogue() -> None:
    done = wheelwatch("rules", "--format", "json")
    assert done.code == 0
    rules = {rule["id"]: rule for rule in json.loads(done.out)}
    assert list(rules) == [rule.id for rule in catalogue()]
    assert rules["hook-trace"]["severities"]["startup"] == "high"
    rows = {entry["row"]: entry for rule in rules.values() for entry in rule["entries"]}
    assert rows.keys() == {entry.row for entry in entries()}
    assert rows["sys-settrace"]["names"] == {"call": ["sys.settrace"]}
    assert rows["sys-settrace"]["kind"] == "trace"
    assert rows["sys-monitoring"]["pythons"] == ["3.12", "3.13", "3.14", "3.15"]


def test_an_explanation_names_the_event_and_the_names() -> None:
    done = wheelwatch("explain", "hook-audit")
    assert done.code == 0
    assert "audit event: sys.addaudithook" in done.out
    assert "\n  sys.addaudithook\n" in done.out
