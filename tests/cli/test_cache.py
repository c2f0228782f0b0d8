"""``wheelwatch cache``, ``--no-cache``, and a cache that cannot be used: the verdict stays the same."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.factories import wheel
from tests.support.program import wheelwatch

pytestmark = pytest.mark.processes

FILES = {"zz.pth": "import demo\n", "demo/__init__.py": "import sys\n\nsys.settrace(print)\n"}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return wheel(tmp_path, FILES)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "wheelwatch"


def test_info_and_clear(target: Path, home: Path) -> None:
    empty = wheelwatch("cache", "info")
    assert (empty.code, empty.err) == (0, "")
    assert f"folder     {home}\n" in empty.out
    assert "0.0 MiB in 0 file(s)" in empty.out
    assert not home.exists(), "asking leaves nothing behind"
    assert wheelwatch("scan", target).code == 1
    shown = wheelwatch("cache", "info").out
    assert "wheels     1\n" in shown
    assert " in 1 file(s)\n" in shown
    cleared = wheelwatch("cache", "clear")
    assert (cleared.code, cleared.err) == (0, "")
    assert cleared.out.endswith(" MiB freed\n")
    assert os.listdir(home) == []
    assert wheelwatch("cache", "clear").code == 0


def test_a_verdict_is_kept_for_those_who_ask(target: Path, home: Path) -> None:
    plain = wheelwatch("scan", target, "--format", "json")
    assert "verdicts   0\n" in wheelwatch("cache", "info").out
    time.sleep(0.1)  # what has just changed may change again in the same instant
    for _ in ("judged", "recalled"):
        asked = wheelwatch("scan", target, "--format", "json", "--recall")
        assert (asked.code, asked.out) == (plain.code, plain.out)
        assert "verdicts   1\n" in wheelwatch("cache", "info").out
    target.write_bytes(wheel(target.parent / "other", {"demo/__init__.py": "x = 1\n"}).read_bytes())
    assert wheelwatch("scan", target, "--recall").code == 0


@pytest.mark.parametrize("how", ["option", "variable"])
def test_without_a_cache_nothing_is_kept(target: Path, home: Path, how: str) -> None:
    first = wheelwatch("scan", target, "--format", "json")
    assert home.exists()
    wheelwatch("cache", "clear")
    options, env = (["--no-cache"], {}) if how == "option" else ([], {"WHEELWATCH_NO_CACHE": "1"})
    second = wheelwatch("scan", target, "--format", "json", *options, env=env)
    assert (second.code, second.out) == (first.code, first.out)
    assert os.listdir(home) == []


def test_a_cold_and_a_warm_startup_listing_are_the_same(target: Path, home: Path) -> None:
    runs = [wheelwatch("startup", target, "--format", "json") for _ in range(2)]
    runs.append(wheelwatch("startup", target, "--format", "json", "--no-cache"))
    assert home.exists()
    assert {(run.code, run.out) for run in runs} == {(1, runs[0].out)}


def test_a_variable_that_leads_into_the_current_directory_is_not_followed(
    target: Path, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    done = wheelwatch("scan", target, cwd=here, env={"XDG_CACHE_HOME": "relative", "HOME": str(tmp_path)})
    assert done.code == 1
    assert os.listdir(here) == []


def ruin(home: Path) -> None:
    """Writes over every database of the folder."""
    for path in list(home.iterdir()):
        if path.suffix == ".sqlite3":
            path.write_bytes(b"no database, but longer than one" * 400)
        else:
            path.unlink()


@pytest.mark.parametrize("damage", ["file", "content", "rights"])
def test_a_cache_in_the_way_is_a_note_for_those_who_ask(target: Path, home: Path, damage: str) -> None:
    good = wheelwatch("scan", target, "--format", "json")
    if damage == "file":
        wheelwatch("cache", "clear")
        home.rmdir()
        home.write_text("no folder")
    elif damage == "content":
        ruin(home)
    else:
        home.chmod(0o777)
    quiet = wheelwatch("scan", target, "--format", "json")
    assert (quiet.code, quiet.out, quiet.err) == (good.code, good.out, good.err)
    if damage == "content":
        # The run before has deleted what was ruined; this one makes it anew.
        assert wheelwatch("scan", target).code == good.code
        ruin(home)
    loud = wheelwatch("scan", target, "--format", "json", "--verbose")
    assert (loud.code, loud.out) == (good.code, good.out)
    assert "the cache is not used: " in loud.err


def test_a_full_disk_changes_nothing(target: Path, home: Path) -> None:
    good = wheelwatch("scan", target, "--format", "json", "--no-cache")

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-m", "wheelwatch", "scan", target, "--format", "json"],
        preexec_fn=small_files,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == good.code
    assert done.stdout.decode() == good.out
    assert home.exists()
    again = wheelwatch("scan", target, "--format", "json")
    assert (again.code, again.out) == (good.code, good.out)
