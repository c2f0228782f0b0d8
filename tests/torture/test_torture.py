"""Every hostile input is named, the hook planted beside it is found, and the scan ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.torture import folders, metadata, sources, startup, tars, zips
from tests.torture.case import Case
from tests.torture.harness import problems, scan

ROOMS = (sources, startup, folders, zips, tars, metadata)
ALL: tuple[Case, ...] = tuple(case for room in ROOMS for case in room.CASES)
CHOSEN = [case for case in ALL if not case.is_slow or os.environ.get("WHEELWATCH_TORTURE") == "all"]

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("case", CHOSEN, ids=[case.name for case in CHOSEN])
def test_it_is_named_and_hides_nothing(case: Case, tmp_path: Path) -> None:
    made = case.make(tmp_path)
    found = list(problems(made, *scan(made, has_rights=case.has_rights)))
    assert not found, "\n".join(found)


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    names = [case.name for case in ALL]
    assert len(names) == len(set(names))
    assert len(names) >= 60
