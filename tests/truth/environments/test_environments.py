"""The boot sequence of whole environments against what their interpreters really run."""

from __future__ import annotations

import json
import posixpath
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.pythons import interpreters
from tests.truth.environments.layouts import LAYOUTS, Made, Stock, environment, stock
from wheelwatch.engine.boot import startup
from wheelwatch.engine.options import Options
from wheelwatch.engine.runner import InProcess
from wheelwatch.limits import DEFAULT
from wheelwatch.model import StartupKind, Turn

pytestmark = pytest.mark.executes

HERE = Path(__file__).parent
MODULES = frozenset({StartupKind.SITECUSTOMIZE, StartupKind.USERCUSTOMIZE})


class Ran(NamedTuple):
    """What starts, in order, which modules that executes, and what it adds to the import path."""

    steps: list[tuple[str, int]]
    modules: set[str]
    path: list[str]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    return stock(tmp_path_factory.mktemp("stock"))


def observed(made: Made, folder: Path) -> Ran:
    """The interpreter's own account, without its standard library and what is outside of the folder."""
    driver = shutil.copy(HERE / "driver.py", folder / "driver.py")
    out = folder / "out.json"
    command = [*made.command, str(driver), str(out)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=environment(made), cwd=folder
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    rows = [row for row in json.loads(out.read_text()) if is_own(row[1], folder)]
    modules = [posixpath.normpath(row[1]) for row in rows if row[0] == "module"]
    lines = [(row[1], row[2]) for row in rows if row[0] == "line"]
    customize = [(path, 0) for path in modules if Path(path).stem in ("sitecustomize", "usercustomize")]
    return Ran(
        # Up to 3.14 the lines of a virtual environment run twice.
        steps=list(dict.fromkeys([*lines, *customize])),
        modules=set(modules),
        path=[row[1] for row in rows if row[0] == "path" and not row[1].endswith("site-packages")],
    )


def is_own(path: str, folder: Path) -> bool:
    """Made by the test, and no part of the standard library."""
    library, _, inner = path.rpartition("/")
    if not path.startswith(f"{folder.parent}/"):
        return False
    return "site-packages" in path or "/lib/python3" not in library or inner == "sitecustomize.py"


def predicted(made: Made, version: str) -> Ran:
    """What ``wheelwatch startup`` lists for the version."""
    listing = startup([str(made.target)], options=Options(pythons=(version,)), runner=InProcess(DEFAULT))
    assert listing.complete, listing.errors
    ((turns,),) = [[order.steps for order in start.orders] for start in listing.starts]
    executed = [turn for turn in turns if turn.kind in MODULES or turn.kind is StartupKind.PTH_IMPORT]
    modules = {path for turn in executed for path in turn.modules}
    modules |= {turn.path for turn in executed if turn.kind in MODULES}
    return Ran(
        steps=[(posixpath.join(turn.root, turn.path), turn.line) for turn in executed],
        modules=modules,
        path=[*destinations(turns)],
    )


def destinations(turns: tuple[Turn, ...]) -> Iterator[str]:
    for turn in turns:
        if turn.kind is StartupKind.PTH_PATH:
            yield posixpath.normpath(posixpath.join(turn.root, turn.target))


def relative(modules: set[str], known: set[str]) -> set[str]:
    """Absolute paths by the known relative path that each ends in, else as they are."""
    return {next((path for path in known if module.endswith("/" + path)), module) for module in modules}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("version", interpreters())
def test_what_is_listed_is_what_runs(name: str, version: str, tmp_path: Path, stocked: Stock) -> None:
    made = LAYOUTS[name](tmp_path, interpreters()[version], version, stocked)
    ran, said = observed(made, tmp_path), predicted(made, version)
    assert said.steps == ran.steps
    assert said.modules == relative(ran.modules, said.modules)
    assert sorted(said.path) == sorted(ran.path)


def test_every_layout_starts_something(tmp_path: Path, stocked: Stock) -> None:
    version, python = next(iter(interpreters().items()))
    runs: Mapping[str, Ran] = {
        name: predicted(layout(tmp_path / name, python, version, stocked), version)
        for name, layout in LAYOUTS.items()
    }
    assert {name for name, ran in runs.items() if not (ran.steps or ran.path)} == set()
