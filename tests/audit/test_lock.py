"""``--write-lock``: what was judged, and nothing else, is what pip and uv install from it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.pylock import Pylock

from tests.audit.place import audit, names, package, report
from tests.support.factories import wheel
from tests.support.index import serve

pytestmark = pytest.mark.network

BARE = {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def environment(folder: Path) -> Path:
    """A fresh environment; its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / "bin" / "python"


def run(*command: str | Path, **more: str) -> None:
    done = subprocess.run(list(map(str, command)), env={**BARE, **more}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def installed(python: Path) -> set[str]:
    """The names of the distributions in an environment."""
    (site,) = python.parent.parent.glob("lib/python3*/site-packages")
    return {row.name.partition("-")[0] for row in site.glob("*.dist-info")}


def test_what_was_judged_is_what_gets_installed(tmp_path: Path) -> None:
    standard, flat = tmp_path / "pylock.toml", tmp_path / "locked.txt"
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0", "lib>=1")
        package(index, tmp_path / "wheels", "lib", "1.5")
        code, document, err = report(tmp_path, "app", "-i", index.url, "--write-lock", standard)
        assert code == 0
        assert f"wrote {standard}: 2 files" in err
        assert audit(tmp_path, "app", "-i", index.url, "--write-lock", flat).code == 0
        judged = {row["name"]: row["sha256"] for row in document["packages"]}
        lock = Pylock.from_dict(tomllib.loads(standard.read_text()))
        assert {row.name: row.wheels[0].hashes["sha256"] for row in lock.packages if row.wheels} == judged
        assert all(f"--hash=sha256:{sha256}" in flat.read_text() for sha256 in judged.values())
        pip, uv = environment(tmp_path / "pip"), environment(tmp_path / "uv")
        base = [sys.executable, "-m", "pip", "--isolated", f"--python={pip}", "install", "-q"]
        run(*base, "--require-hashes", "-r", flat, f"--index-url={index.url}", "--no-cache-dir")
        uv_program = Path(sys.executable).parent / "uv"
        own = {"UV_CACHE_DIR": str(tmp_path / "uv-cache"), "UV_NO_CONFIG": "1"}
        run(uv_program, "pip", "install", "-q", f"--python={uv}", "-r", standard, **own)
        assert installed(pip) == installed(uv) == {"app", "lib"}
        # And the lock can be audited like any other.
        code, again, _ = report(tmp_path, "-r", standard)
    assert (code, names(again)) == (0, names(document))
    assert {row["name"]: row["sha256"] for row in again["packages"]} == judged


def test_a_changed_file_is_not_installed_from_the_lock(tmp_path: Path) -> None:
    flat = tmp_path / "locked.txt"
    with serve() as index:
        path = package(index, tmp_path / "wheels", "app")
        assert audit(tmp_path, "app", "-i", index.url, "--write-lock", flat).code == 0
        wheel(tmp_path / "wheels", {"app.py": "changed = True\n"}, name="app")
        index.files.clear()
        index.add(path, "app")
        python = environment(tmp_path / "pip")
        base = [sys.executable, "-m", "pip", "--isolated", f"--python={python}", "install", "-q"]
        done = subprocess.run(
            [*base, "--require-hashes", "-r", flat, f"--index-url={index.url}", "--no-cache-dir"],
            env=BARE,
            capture_output=True,
            check=False,
        )
    assert done.returncode != 0
    assert b"hash" in done.stderr.lower()
    assert installed(python) == set()


@pytest.mark.parametrize("verdict", ["fail", "incomplete"])
def test_without_a_pass_there_is_no_lock(tmp_path: Path, verdict: str) -> None:
    lock = tmp_path / "pylock.toml"
    lock.write_text("as it was")
    with serve() as index:
        files = {"zz.pth": "import sys; sys.settrace(print)\n"} if verdict == "fail" else None
        package(index, tmp_path / "wheels", "app", files=files)
        wanted = ["app"] if verdict == "fail" else ["app", "git+https://x.example/d.git"]
        done = audit(tmp_path, *wanted, "-i", index.url, "--write-lock", lock)
    assert done.code == {"fail": 1, "incomplete": 2}[verdict]
    assert f"no lock is written: the verdict is {verdict}" in done.err
    assert lock.read_text() == "as it was"


@pytest.mark.parametrize("name", ["lock.json", "lock.toml"])
def test_other_names_are_no_locks(tmp_path: Path, name: str) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app")
        done = audit(tmp_path, "app", "-i", index.url, "--write-lock", tmp_path / name)
        assert index.seen == []
    assert done.code == 2
    assert "name it pylock.toml" in done.err
    assert not (tmp_path / name).exists()


def test_a_folder_cannot_be_locked(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\n')
    (tmp_path / "a.py").write_text("")
    done = audit(tmp_path, tmp_path, "--write-lock", tmp_path / "pylock.toml")
    assert done.code == 2
    assert "cannot stand in a lock" in done.err


@pytest.mark.parametrize("has_files", [True, False])
def test_a_project_of_uv(tmp_path: Path, has_files: bool) -> None:
    """A real ``uv.lock``, written by uv from an index on loopback, read without a build or a project."""
    project = tmp_path / "project"
    project.mkdir()
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0", "lib")
        package(index, tmp_path / "wheels", "lib", "1.0")
        package(index, tmp_path / "wheels", "check", "1.0")
        package(index, tmp_path / "wheels", "win", "1.0")
        (project / "pyproject.toml").write_text(
            '[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.11"\n'
            'dependencies = ["app", "win ; sys_platform == \'win32\'"]\n'
            '[dependency-groups]\ndev = ["check"]\n'
            f"[tool.uv]\npackage = {str(has_files).lower()}\n"
        )
        uv_program = Path(sys.executable).parent / "uv"
        own = {"UV_CACHE_DIR": str(tmp_path / "uv-cache"), "HOME": str(tmp_path)}
        run(
            uv_program,
            "lock",
            "-q",
            "--project",
            project,
            f"--python={sys.executable}",
            "-i",
            index.url,
            **own,
        )
        # What the project says now must not matter: it may belong to anybody.
        (project / "pyproject.toml").write_text("[build-system]\nrequires = 7\n")
        code, document, err = report(tmp_path, "-r", project / "uv.lock")
        _, windows, _ = report(tmp_path, "-r", project / "uv.lock", "--platform", "windows")
    assert (code, names(document)) == (0, ["app==1.0", "check==1.0", "lib==1.0"])
    assert "resolved as uv would" in err
    assert ("not judged, as no index has them: mine" in err) is has_files
    origin = document["packages"][0]["origin"]
    text = (project / "uv.lock").read_text().splitlines()
    assert text[origin["line"] - 1] == 'name = "app"'
    sha256 = hashlib.sha256((tmp_path / "wheels/app-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    assert document["packages"][0]["sha256"] == sha256
    assert names(windows) == ["app==1.0", "check==1.0", "lib==1.0", "win==1.0"]
    assert windows["errors"] == []
