"""The surface against real interpreters: what it says of every generated site directory is what runs."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support.pythons import interpreters
from tests.truth.startup import machines
from tests.truth.startup.cases import Case, cases
from tests.truth.startup.expected import Run, expected, shown

pytestmark = pytest.mark.executes

EXPECTED_RUNS = Path(__file__).parents[2] / "expected-runs.toml"
REALLY_STARTED = ("passes", "chunks", "encodings", "silencing", "customize", "names", "errors", "mixtures")
Tell = Callable[[str, Mapping[str, Any]], None]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Prints who took part, and fails a CI run in which fewer did than ``expected-runs.toml`` demands."""

    def told(kind: str, ran: Mapping[str, Any]) -> None:
        with capsys.disabled():
            print(f"\nstartup truth, {kind}: {len(ran)} interpreters, {' '.join(ran)}", file=sys.stderr)
        least = tomllib.loads(EXPECTED_RUNS.read_text(encoding="utf-8"))["startup"][kind]
        if os.environ.get("CI") == "true" or os.environ.get("WHEELWATCH_EXPECT_RUNS") == "1":
            assert len(ran) >= least, f"{kind}: {len(ran)} interpreters took part, expected {least}"

    return told


def disagreements(places: Mapping[str, Path], release: str, rows: machines.Rows) -> list[str]:
    """One line for each case in which marks, their order, the path or the end differ."""
    found = []
    for case in cases():
        said = expected(case, str(places[case.name]), release)
        ran = rows[case.name]
        seen = Run(ran["marks"], set(ran["path"]), ran["fatal"])
        if said != seen:
            found.append(f"{release} {case.name}: {dict(case.files)!r:.300}\n  said {said}\n  ran  {seen}")
    return found


def test_there_are_enough_cases_and_they_differ() -> None:
    made = cases()
    assert len(made) >= 1_500
    assert len({case.name for case in made}) == len(made)
    assert len({tuple(sorted(case.files.items())) for case in made}) > 1_400


def test_cpython_runs_what_the_surface_says(tmp_path: Path, tell: Tell) -> None:
    places = machines.lay_out(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        pythons = list(interpreters().values())
        ran = dict(
            pool.map(lambda python: (machines.release(python), machines.drive(python, tmp_path)), pythons)
        )
    tell("cpython", ran)
    assert ran
    found = [line for release, rows in ran.items() for line in disagreements(places, release, rows)]
    assert not found, "\n".join(found[:5]) + f"\n{len(found)} disagreements"


def test_pyodide_runs_what_the_surface_says(tmp_path: Path, tell: Tell) -> None:
    missing = machines.node()
    if missing:
        tell("pyodide", {})
        pytest.skip(f"no 3.14 and 3.15: {missing}")
    places = machines.lay_out(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        ran = dict(pool.map(lambda package: machines.drive_node(package, tmp_path), machines.PYODIDES))
    tell("pyodide", ran)
    assert {release.rpartition(".")[0] for release in ran} == {"3.14", "3.15"}
    found = [line for release, rows in ran.items() for line in disagreements(places, release, rows)]
    assert not found, "\n".join(found[:5]) + f"\n{len(found)} disagreements"


def test_a_real_start_runs_what_the_surface_says(tmp_path: Path, tell: Tell) -> None:
    places = machines.lay_out(tmp_path)
    chosen = really_started()
    with ThreadPoolExecutor(2) as pool:
        pythons = list(interpreters().values())
        ran = dict(
            pool.map(
                lambda python: (machines.release(python), machines.start(python, tmp_path, chosen, places)),
                pythons,
            )
        )
    tell("real-start", ran)
    found = []
    for release, rows in ran.items():
        for case in chosen:
            said = expected(case, str(places[case.name]), release, is_venv=True)
            seen = rows[case.name]
            if (shown(said.marks), bool(said.fatal)) != (seen["marks"], seen["code"] != 0):
                found.append(
                    f"{release} {case.name}: {dict(case.files)!r:.300}\n  said {said}\n  ran  {seen}"
                )
    assert not found, "\n".join(found[:5]) + f"\n{len(found)} disagreements"


def really_started() -> list[Case]:
    """Some of each kind, and all in which a start differs from one ``addsitedir``."""
    return [
        case
        for number, case in enumerate(cases())
        if case.name.startswith("passes") or (number % 4 == 0 and case.name.startswith(REALLY_STARTED))
    ]
