"""A startup finding is bound to the code of its own distribution that it runs, and to nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.factories import wheel
from tests.support.program import wheelwatch

pytestmark = pytest.mark.processes

FILES: dict[str, str] = {
    "zz.pth": "import demo._boot\n",
    "demo/__init__.py": "",
    "demo/_boot.py": "from demo._hooks import install\nfrom lib import other\n\ninstall()\nother()\n",
    "demo/_hooks.py": "import sys\n\ndef install():\n    sys.settrace(print)\n\ndef unused():\n    pass\n",
}
LIB = {"lib.py": "def other():\n    return 1\n"}

Pieces = dict[tuple[str, str], dict[tuple[str, str], str]]


def evidence(folder: Path, files: Mapping[str, str], lib: Mapping[str, str] = LIB) -> Pieces:
    """By rule and path of each startup finding of demo: its evidence."""
    targets = (wheel(folder, files), wheel(folder, lib, name="lib"))
    report = wheelwatch("scan", *targets, "--format", "json").report
    (package,) = (package for package in report["packages"] if package["name"] == "demo")
    return {
        (finding["rule"], finding["path"]): {
            (piece["path"], piece["function"]): piece["digest"] for piece in finding["evidence"]
        }
        for finding in package["findings"]
        if finding["trigger"] == "startup"
    }


def test_a_line_has_everything_that_it_runs_and_a_hook_what_lies_on_its_way(tmp_path: Path) -> None:
    found = evidence(tmp_path, FILES)
    assert set(found["startup-line", "zz.pth"]) == {
        ("zz.pth", "<line>"),
        ("demo/__init__.py", "<module>"),
        ("demo/_boot.py", "<module>"),
        ("demo/_hooks.py", "<module>"),
        ("demo/_hooks.py", "install"),
    }
    assert set(found["hook-trace", "demo/_hooks.py"]) == {
        ("zz.pth", "<line>"),
        ("demo/_boot.py", "<module>"),
        ("demo/_hooks.py", "install"),
    }


@pytest.mark.parametrize(
    ("path", "old", "new", "is_changed"),
    [
        ("demo/_hooks.py", "sys.settrace(print)", "sys.settrace(print); x = 1", True),
        ("demo/__init__.py", "", "x = 1\n", True),
        ("demo/_boot.py", "install()\n", "install()\nx = 1\n", True),
        ("demo/_hooks.py", "    pass", "    return 1", False),
        ("demo/_boot.py", "install()\n", "# say\n\ninstall()\n", False),
    ],
)
def test_only_code_that_runs_counts(
    tmp_path: Path, path: str, old: str, new: str, is_changed: bool
) -> None:
    before = evidence(tmp_path / "old", FILES)["startup-line", "zz.pth"]
    text = FILES[path].replace(old, new, 1) if old else new
    after = evidence(tmp_path / "new", {**FILES, path: text})["startup-line", "zz.pth"]
    assert (before != after) is is_changed


def test_another_distribution_does_not_count(tmp_path: Path) -> None:
    before = evidence(tmp_path / "old", FILES)
    assert before == evidence(tmp_path / "new", FILES, {"lib.py": "def other():\n    return 2\n"})


def test_a_file_that_may_run_any_of_its_functions_counts_as_a_whole(tmp_path: Path) -> None:
    boot = "import sys\n\ndef one():\n    pass\n\nfor name in list(vars()):\n    exec(name + '()')\n"
    files = {**FILES, "demo/_boot.py": boot}
    before = evidence(tmp_path / "old", files)["startup-line", "zz.pth"]
    assert ("demo/_boot.py", "<file>") in before
    changed = {**files, "demo/_boot.py": boot.replace("pass", "return 1")}
    assert before != evidence(tmp_path / "new", changed)["startup-line", "zz.pth"]


def test_the_whole_line_counts_however_long_it_is(tmp_path: Path) -> None:
    line = "import sys; x = '" + "a" * 5000 + "{}'; sys.settrace(print)\n"
    one = evidence(tmp_path / "old", {"zz.pth": line.format("a")})["startup-line", "zz.pth"]
    other = evidence(tmp_path / "new", {"zz.pth": line.format("b")})["startup-line", "zz.pth"]
    assert one != other


def test_a_start_file_counts_by_its_text(tmp_path: Path) -> None:
    files = {"zz.start": "demo:install\n", "demo/__init__.py": "def install():\n    pass\n"}
    found = evidence(tmp_path, files)["startup-entry", "zz.start"]
    assert set(found) == {
        ("zz.start", "<line>"),
        ("demo/__init__.py", "<module>"),
        ("demo/__init__.py", "install"),
    }


def test_what_was_not_analysed_counts_by_its_content(tmp_path: Path) -> None:
    def digest(folder: Path, text: str) -> object:
        files = {"zz.pth": "import demo\n", "demo/__init__.py": text}
        report = wheelwatch("scan", wheel(folder, files), "--format", "json").report
        (finding,) = (
            finding
            for finding in report["packages"][0]["findings"]
            if finding["rule"] == "analysis-not-analysed"
        )
        (row,) = report["packages"][0]["not_analysed"]
        assert row["decisive"] is True
        return finding["evidence"]

    one, other = digest(tmp_path / "old", "def f(:\n"), digest(tmp_path / "new", "def f(;\n")
    assert one
    assert one != other
