"""``wheelwatch diff`` as users see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.factories import site_dir, wheel
from tests.support.program import wheelwatch

pytestmark = pytest.mark.processes

QUIET = {"demo/__init__.py": ""}
TRACED = {"zz.pth": "import sys; sys.settrace(print)\n", **QUIET}


def test_two_wheels(tmp_path: Path) -> None:
    old, new = wheel(tmp_path, QUIET), wheel(tmp_path, TRACED, version="2.0")
    done = wheelwatch("diff", old, new)
    assert done.code == 1
    assert done.out.splitlines()[:2] == [
        "demo  1.0 -> 2.0  none -> high",
        "  ! begins to run code at every start of the interpreter",
    ]
    assert done.out.splitlines()[-1].startswith("fail: 1 package changed; new: 1 high, 1 medium; 1 of them")
    assert wheelwatch("diff", new, old).code == 0
    assert wheelwatch("diff", old, new, "--fail-on", "critical").code == 0


def test_two_environments(tmp_path: Path) -> None:
    old = site_dir(tmp_path / "old" / "site-packages", {"demo-1.0": QUIET, "same-1.0": {"same.py": ""}})
    new = site_dir(
        tmp_path / "new" / "site-packages",
        {"demo-1.0": QUIET, "same-1.0": {"same.py": ""}, "fresh-3": {"fresh.py": ""}},
        {"loose.pth": "import sys; sys.setprofile(print)\n"},
    )
    done = wheelwatch("diff", old, new, "--format", "json")
    assert done.code == 1
    report = json.loads(done.out)
    assert [(row["name"], row["old"], row["new"]) for row in report["packages"]] == [
        ("(unowned files)", [], [""]),
        ("fresh", [], ["3"]),
    ]
    assert report["same"] == 2


def test_the_policy_limits_new_packages_and_startup_files(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    old, new = tmp_path / "old", tmp_path / "new"
    wheel(old, QUIET)
    wheel(new, QUIET)
    wheel(new, {"other.py": "import subprocess\nsubprocess.run(['x'])\n"}, name="other")
    ceiling = tmp_path / "policy.toml"
    ceiling.write_text('max-new-level = "none"\nfail-on = "critical"\n')
    assert wheelwatch("diff", old, new, "--fail-on", "critical").code == 0
    done = wheelwatch("diff", old, new, "--config", ceiling)
    assert done.code == 1
    assert "a new package may be at most none" in done.out


def test_forms_and_files(tmp_path: Path) -> None:
    old, new = wheel(tmp_path, QUIET), wheel(tmp_path, TRACED, version="2.0")
    done = wheelwatch("diff", old, new, "--format", "markdown", "-o", tmp_path / "comment.md")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("fail: ")
    assert (tmp_path / "comment.md").read_text().startswith("## wheelwatch diff: fail")
    assert wheelwatch("diff", old, new, "--format", "sarif").code == 2


@pytest.mark.parametrize("arguments", [(), ("one",)])
def test_both_sides_are_needed(arguments: tuple[str, ...]) -> None:
    assert wheelwatch("diff", *arguments).code == 2


def test_a_side_that_is_not_there(tmp_path: Path) -> None:
    done = wheelwatch("diff", tmp_path / "gone.whl", wheel(tmp_path, QUIET))
    assert done.code == 2
    assert "gone.whl" in done.err
