"""Ordinary packages are quiet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.real.wheels import pins, wheels
from tests.support.program import wheelwatch

QUIET = ("click", "numpy", "packaging", "pytest", "requests", "six")
LEVELS = ("none", "low", "medium", "high", "critical")
AT_MOST = dict.fromkeys(QUIET, "low") | {"setuptools": "medium", "coverage": "medium"}

pytestmark = [pytest.mark.network, pytest.mark.usefixtures("one_cache")]


def reasons(package: dict[str, Any]) -> list[str]:
    return [
        f"{finding['severity']} {finding['rule']} {finding['path']}:{finding['line']} {finding['message']}"
        for finding in package["findings"]
        if finding["applies"] and finding["severity"] not in {"info", "low"}
    ]


def test_every_pin_has_its_level() -> None:
    assert set(pins()) == set(AT_MOST)


@pytest.mark.parametrize(("name", "level"), AT_MOST.items())
def test_the_level_is_at_most(name: str, level: str) -> None:
    done = wheelwatch("scan", wheels()[name], "--format", "json", "--fail-on", "never")
    assert done.code == 0, done.err
    (package,) = done.report["packages"]
    assert package["name"] == name
    assert LEVELS.index(package["level"]) <= LEVELS.index(level), reasons(package)


def test_together_they_do_not_stop_a_job() -> None:
    done = wheelwatch("scan", *wheels().values(), "--format", "json")
    assert done.code == 0, done.err
    assert done.report["outcome"] == "pass"
    assert {package["name"] for package in done.report["packages"]} == set(pins())
