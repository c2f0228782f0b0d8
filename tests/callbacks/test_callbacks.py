"""What callbacks do comes out: hostile ones loud, those of honest packages quiet."""

from __future__ import annotations

import pytest

from tests.callbacks.honest import HONEST
from tests.callbacks.hostile import HOSTILE
from tests.reach.sources import linked
from wheelwatch.model import Finding, Severity
from wheelwatch.rules import judge


def findings(files: dict[str, str]) -> tuple[Finding, ...]:
    (package,) = linked({"p": files})
    return judge(package)


def about_callbacks(files: dict[str, str]) -> set[tuple[str, str]]:
    return {
        (finding.rule, finding.severity.label)
        for finding in findings(files)
        if finding.rule.startswith("callback-") and finding.severity > Severity.INFO
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_ones_are_told(name: str) -> None:
    case = HOSTILE[name]
    assert about_callbacks(case.files) == case.expected


@pytest.mark.parametrize("name", HONEST)
def test_honest_ones_are_not(name: str) -> None:
    assert about_callbacks({"p.py": HONEST[name]}) == set()
    worst = max(finding.severity for finding in findings({"p.py": HONEST[name]}))
    assert worst <= Severity.MEDIUM


def test_there_are_fifty() -> None:
    assert len(HOSTILE) >= 25
    assert len(HONEST) >= 25
