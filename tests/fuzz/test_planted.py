"""One spelling at a random place of a random real file, in a random encoding, is found there.

``WHEELWATCH_FUZZ_CASES`` says how many cases (``make fuzz``: 10,000); a failure names its case's number.
"""

from __future__ import annotations

import os

import pytest

from tests.evasions.test_found import at_import
from tests.fuzz.planting import Planted, hosts, plant, spellings
from wheelwatch import code
from wheelwatch.model import NotAnalysed

CASES = int(os.environ.get("WHEELWATCH_FUZZ_CASES", "300"))
PARTS = 20


@pytest.mark.parametrize("part", range(PARTS))
def test_a_planted_spelling_is_found(part: int) -> None:
    missed = [problem for number in range(part, CASES, PARTS) if (problem := _miss(plant(number)))]
    assert not missed, "\n".join(missed)


def _miss(case: Planted) -> str:
    """What is wrong with the answer about a case; empty when it is right."""
    if not code.wants(code.sketch(case.data).anchors):
        return f"{case.what}: triage leaves it out"
    found = code.analyse(case.data)
    if isinstance(found, NotAnalysed):
        return f"{case.what}: {found.reason.value}: {found.detail}"
    if any(site.kind in case.kinds and site.line in case.lines for site in at_import(found)):
        return ""
    return f"{case.what}: not found on lines {case.lines[0]} to {case.lines[-1]}"


def test_there_is_enough_to_choose_from() -> None:
    assert len(hosts()) > 200
    assert len(spellings()) > 200


def test_a_case_is_its_number() -> None:
    assert plant(7) == plant(7)
    assert plant(7) != plant(8)
