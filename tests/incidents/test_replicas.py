"""What has happened, and what it could have looked like, is high or critical."""

from __future__ import annotations

from typing import Any

import pytest

from tests.incidents.replicas import CASES, VARIATIONS
from tests.incidents.scanned import scanned

ALL = {**CASES, **VARIATIONS}
LEVELS = ["none", "low", "medium", "high", "critical"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return scanned(tmp_path_factory.mktemp("replicas"), {name: site for name, (site, _) in ALL.items()})


@pytest.mark.parametrize("name", ALL)
def test_it_is_told(name: str, found: dict[str, dict[str, Any]]) -> None:
    package = found[name]
    verdicts = [(f["rule"], f["severity"], f["trigger"]) for f in package["findings"]]
    assert LEVELS.index(package["level"]) >= LEVELS.index(ALL[name][1]), verdicts


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 10
    assert len(VARIATIONS) >= 20
