"""What somebody planted in an installed environment is named, each thing by its rule and its path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.factories import site_dir, tree
from tests.support.program import wheelwatch

pytestmark = pytest.mark.processes

HONEST = {
    "demo/__init__.py": "",
    "demo/code.py": "def run():\n    return 1\n",
    "demo/gone.py": "g = 1\n",
    "demo/boot.py": "b = 1\n",
    "demo.pth": "import demo.boot\n",
}


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """A virtual environment in which one honest package is installed."""
    site_dir(tmp_path / "env/lib/python3.12/site-packages", {"demo-1.0": HONEST})
    return tree(tmp_path / "env", {"pyvenv.cfg": "home = /usr/bin\nversion = 3.12.1\n", "bin/activate": ""})


def site(prefix: Path) -> Path:
    return prefix / "lib/python3.12/site-packages"


def findings(verb: str, prefix: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Findings over info of a run, by rule and path."""
    done = wheelwatch(verb, prefix, "--format", "json")
    report = done.report
    if verb == "scan":
        rows = [row for package in report["packages"] for row in package["findings"]]
    else:
        steps = [turn for start in report["starts"] for order in start["orders"] for turn in order["steps"]]
        rows = [row for turn in steps for row in turn["findings"]]
        rows += [row for start in report["starts"] for row in start["findings"]]
    assert done.code == (1 if any(row["severity"] in ("high", "critical") for row in rows) else 0)
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["severity"] != "info":
            told.setdefault((row["rule"], row["path"]), []).append(row)
    return told


BEFORE = {("startup-line", "demo.pth")}
"""What is told of the environment before anything was planted."""


@pytest.mark.parametrize("verb", ["scan", "startup"])
def test_the_honest_environment(verb: str, prefix: Path) -> None:
    assert findings(verb, prefix).keys() == BEFORE


@pytest.mark.parametrize("verb", ["scan", "startup"])
def test_an_unowned_pth(verb: str, prefix: Path) -> None:
    tree(site(prefix), {"zz_loader.pth": "import os\n"})
    told = findings(verb, prefix)
    assert told.keys() - BEFORE == {
        ("startup-unowned", "zz_loader.pth"),
        ("startup-line", "zz_loader.pth"),
    }
    assert told["startup-unowned", "zz_loader.pth"][0]["severity"] == "high"


@pytest.mark.parametrize(
    ("verb", "path", "severity"),
    [
        ("scan", "demo/code.py", "medium"),
        ("scan", "demo/boot.py", "high"),
        ("scan", "demo.pth", "high"),
        ("startup", "demo/boot.py", "high"),
        ("startup", "demo.pth", "high"),
    ],
)
def test_a_changed_member_is_worse_where_it_starts(
    verb: str, path: str, severity: str, prefix: Path
) -> None:
    place = site(prefix) / path
    place.write_text(place.read_text() + "# changed\n")
    told = findings(verb, prefix)
    assert told.keys() - BEFORE == {("archive-record", path)}
    (row,) = told["archive-record", path]
    assert (row["severity"], row["api"]) == (severity, "record-hash")


def test_a_change_that_no_start_runs_is_no_matter_of_the_start(prefix: Path) -> None:
    (site(prefix) / "demo/code.py").write_text("changed = 1\n")
    assert findings("startup", prefix).keys() == BEFORE


def test_a_member_that_record_lists_and_that_is_gone(prefix: Path) -> None:
    (site(prefix) / "demo/gone.py").unlink()
    told = findings("scan", prefix)
    assert told.keys() - BEFORE == {("archive-record", "demo/gone.py")}
    (row,) = told["archive-record", "demo/gone.py"]
    assert (row["severity"], row["api"]) == ("low", "record-missing")


def test_a_member_that_record_does_not_list(prefix: Path) -> None:
    tree(site(prefix), {"demo/added.py": "a = 1\n"})
    told = findings("scan", prefix)
    assert told.keys() - BEFORE == {("archive-record", "demo/added.py")}
    (row,) = told["archive-record", "demo/added.py"]
    assert (row["severity"], row["api"]) == ("medium", "record-unlisted")


@pytest.mark.parametrize("verb", ["scan", "startup"])
def test_an_unlisted_member_that_a_start_runs(verb: str, prefix: Path) -> None:
    tree(site(prefix), {"demo/boot.py": "import demo.added\n", "demo/added.py": "a = 1\n"})
    told = findings(verb, prefix)
    assert told.keys() - BEFORE == {("archive-record", "demo/added.py"), ("archive-record", "demo/boot.py")}
    assert {row["severity"] for row in told["archive-record", "demo/added.py"]} == {"high"}


@pytest.mark.parametrize("verb", ["scan", "startup"])
def test_a_squatted_name(verb: str, prefix: Path) -> None:
    tree(site(prefix), {"msvcrt.py": "print('inert')\n"})
    told = findings(verb, prefix)
    assert {("startup-squatted-name", "msvcrt.py"), ("startup-unowned", "msvcrt.py")} <= told.keys()
    assert told["startup-squatted-name", "msvcrt.py"][0]["severity"] == "high"


@pytest.mark.parametrize("verb", ["scan", "startup"])
def test_a_path_file_beside_the_interpreter(verb: str, prefix: Path) -> None:
    tree(prefix, {"bin/python._pth": "/elsewhere\nimport site\n"})
    told = findings(verb, prefix)
    assert ("startup-prefix", "{prefix}/bin/python._pth") in told.keys() - BEFORE
    assert told["startup-prefix", "{prefix}/bin/python._pth"][0]["severity"] == "high"


def test_all_of_it_at_once(prefix: Path) -> None:
    (site(prefix) / "demo/gone.py").unlink()
    tree(site(prefix), {"zz.pth": "import os\n", "demo/code.py": "", "demo/added.py": "", "msvcrt.py": ""})
    tree(prefix, {"bin/python._pth": "."})
    assert {
        ("startup-unowned", "zz.pth"),
        ("archive-record", "demo/code.py"),
        ("archive-record", "demo/gone.py"),
        ("archive-record", "demo/added.py"),
        ("startup-squatted-name", "msvcrt.py"),
        ("startup-prefix", "{prefix}/bin/python._pth"),
    } <= findings("scan", prefix).keys()
