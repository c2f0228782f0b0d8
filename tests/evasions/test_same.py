"""The report on the whole table is the same bytes without triage, and on every Python with the tool."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.evasions.site import fill
from tests.support.pythons import interpreters

ROOT = Path(__file__).resolve().parents[2]
SUPPORTED = ("3.11", "3.12", "3.13")
NEEDS = "import ahocorasick_rs, msgspec, packaging, rich, typer"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site directory in which each snippet and each near miss is a package."""
    return fill(tmp_path_factory.mktemp("same") / "site-packages")


@pytest.fixture(scope="module")
def report(site: Path) -> bytes:
    """What this Python says."""
    return scan(Path(sys.executable), site)


@pytest.mark.processes
def test_without_triage_the_report_is_the_same(site: Path, report: bytes) -> None:
    assert scan(Path(sys.executable), site, "--no-triage") == report


@pytest.mark.processes
@pytest.mark.parametrize("version", SUPPORTED)
def test_on_every_python_the_report_is_the_same(version: str, site: Path, report: bytes) -> None:
    python = python_with_dependencies(version)
    if python is None:
        pytest.skip(f"no CPython {version} with what wheelwatch needs; make matrix makes one")
    assert scan(python, site) == report


def scan(python: Path, site: Path, *options: str) -> bytes:
    """The JSON report that the sources of this checkout give on one Python."""
    command = [str(python), "-m", "wheelwatch", "scan", "--format", "json", "--fail-on", "never", *options]
    done = subprocess.run([*command, str(site)], capture_output=True, env=_environment(), check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.count(b'"fingerprint"') > 200
    return done.stdout


@cache
def python_with_dependencies(version: str) -> Path | None:
    """The environment that ``make matrix`` made, else any interpreter that has what the tool needs."""
    made = ROOT / ".venvs" / version / "bin" / "python"
    own = Path(sys.executable) if version == "{}.{}".format(*sys.version_info) else None
    for python in (own, made if made.exists() else None, interpreters().get(version)):
        if python is not None and _can_run(python):
            return python
    return None


def _can_run(python: Path) -> bool:
    return subprocess.run([str(python), "-c", NEEDS], capture_output=True, check=False).returncode == 0


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WHEELWATCH_")}
    return kept | {"PYTHONPATH": str(ROOT / "src")}
