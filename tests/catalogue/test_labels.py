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


def test_nothing_false_is_high() -> None:
    assert [row["package"] for row in ROWS if row["level"] == "high" and row["verdict"][:4] != "true"] == []
