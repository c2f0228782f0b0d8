"""The labels of the corpus: every row says what decides, what was seen, and what that means."""

from __future__ import annotations

import csv

import pytest

from wheelwatch.catalogue import data_path
from wheelwatch.model import Level, Trigger
from wheelwatch.rules import catalogue

ROWS = list(csv.DictReader(data_path("labels.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['package']} {row['rule']}")
def test_a_row_is_whole(row: dict[str, str]) -> None:
    assert all(row.values())
    assert Level[row["level"].upper()] >= Level.MEDIUM
    assert row["rule"] in {rule.id for rule in catalogue()}
    assert row["trigger"] in set(Trigger)
    assert row["line"].isdigit()
    assert row["verdict"].startswith(("true", "false", "guarded", "doubtful"))


def test_no_package_is_high_for_what_is_false_alone() -> None:
    high = [row for row in ROWS if row["level"] in ("high", "critical")]
    true = {row["package"] for row in high if row["verdict"].startswith("true")}
    assert {row["package"] for row in high} - true == set()
    assert [row["package"] for row in high if row["verdict"].startswith("false")] == []


def test_a_third_of_the_rows_was_read_twice() -> None:
    again = [row["second"] for row in ROWS if row["second"] != "-"]
    assert 3 * len(again) >= len(ROWS)
    assert all(text.startswith(("agrees", "disagrees")) for text in again)


def test_everyday_packages_are_not_labelled() -> None:
    quiet = {"requests", "numpy", "django", "boto3", "botocore", "six", "pytest", "pip", "urllib3", "idna"}
    assert quiet.isdisjoint(row["package"].lower() for row in ROWS)
