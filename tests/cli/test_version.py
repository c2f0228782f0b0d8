"""``--version`` is answered before anything is imported; the library imports nothing before it is used."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import wheelwatch as package
from tests.support.program import wheelwatch

pytestmark = pytest.mark.processes

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def modules(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules, file=sys.stderr)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


def test_the_version_is_the_projects() -> None:
    version = tomllib.loads(PROJECT.read_text())["project"]["version"]
    assert version == package.__version__
    assert wheelwatch("--version") == (0, f"wheelwatch {version}\n", "")


def test_the_version_costs_no_import() -> None:
    loaded = modules(
        "import sys; sys.argv[1:] = ['--version']; from wheelwatch.__main__ import main; main()"
    )
    assert not loaded & {"typer", "click", "rich", "msgspec", "ast", "pathlib", "wheelwatch.model"}


def test_importing_the_library_imports_nothing() -> None:
    before = modules("pass")
    assert modules("import wheelwatch") - before == {"wheelwatch"}


def test_the_public_names() -> None:
    assert {name for name in dir(package) if not name.startswith("_")} == {
        *("scan", "audit", "Report", "Package", "Finding", "Severity", "Trigger", "WheelwatchError")
    }
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'observe'"):
        package.observe  # noqa: B018 - the point of the test


@pytest.mark.parametrize("verb", ["rules", "explain"])
def test_the_catalogue_is_printed_without_the_engine(verb: str) -> None:
    arguments = [verb] if verb == "rules" else [verb, "hook-trace"]
    done = wheelwatch(*arguments)
    assert done.code == 0
    assert "hook-trace" in done.out
    assert done.err == ""
