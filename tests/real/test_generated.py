"""Startup files that tools write, made by the tools themselves in a throw-away environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.real.test_startup_files import changed_module
from wheelwatch.engine.run import scan
from wheelwatch.engine.runner import InProcess
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Finding, Severity

pytestmark = [pytest.mark.network, pytest.mark.executes]

UV = Path(sys.executable).with_name("uv")
PROJECT = """\
[build-system]
requires = [{requires}]
build-backend = "{backend}"

[project]
name = "demo"
version = "1.0"

{options}
"""


class Editable(NamedTuple):
    """A build backend, what it needs, and what its editable install is known as."""

    known: str
    backend: str
    requires: str
    options: str


SETUPTOOLS = Editable(
    "setuptools-editable",
    "setuptools.build_meta",
    '"setuptools==84.2.1"',
    '[tool.setuptools]\npackages = ["demo_a", "demo_b"]',
)
HATCHLING = Editable(
    "editables",
    "hatchling.build",
    '"hatchling", "editables==0.6"',
    "[tool.hatch.build]\ndev-mode-exact = true\n[tool.hatch.build.targets.wheel]\n"
    'packages = ["demo_a", "demo_b"]',
)
SCIKIT = Editable(
    "scikit-build-core",
    "scikit_build_core.build",
    '"scikit-build-core==1.1.2"',
    '[tool.scikit-build]\nwheel.cmake = false\nwheel.packages = ["demo_a", "demo_b"]',
)


def run(*command: str | Path) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def environment(folder: Path) -> Path:
    """A new environment without any startup file of its own; its site directory."""
    run(UV, "venv", "-q", "--python", sys.executable, folder)
    (site,) = (folder / "lib").glob("python3.*/site-packages")
    for leftover in site.glob("_virtualenv.*"):
        leftover.unlink()
    return site


def project(folder: Path, editable: Editable) -> Path:
    for package in ("demo_a", "demo_b"):
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").write_text("x = 1\n")
    about = PROJECT.format(requires=editable.requires, backend=editable.backend, options=editable.options)
    (folder / "pyproject.toml").write_text(about)
    return folder


def started(site: Path) -> list[Finding]:
    """Every finding on what starts in a site directory, but for folders that are put on the path."""
    report = scan((str(site),), runner=InProcess(DEFAULT))
    return [
        finding
        for package in report.packages
        for finding in package.findings
        if finding.trigger == "startup" and finding.rule != "startup-path"
    ]


def lines(site: Path) -> list[tuple[str | None, Severity]]:
    return [(found.known, found.severity) for found in started(site) if found.rule == "startup-line"]


@pytest.mark.parametrize("editable", [SETUPTOOLS, HATCHLING, SCIKIT], ids=lambda editable: editable.known)
def test_an_editable_install_is_known_until_a_byte_of_its_module_changes(
    editable: Editable, tmp_path: Path
) -> None:
    site = environment(tmp_path / "env")
    source = project(tmp_path / "project", editable)
    run(UV, "pip", "install", "-q", "--python", tmp_path / "env", "editables==0.6", "-e", source)
    assert {(finding.known, finding.severity) for finding in started(site)} == {
        (editable.known, Severity.INFO)
    }
    (module,) = [path for path in site.glob("_*.py") if "editable" in path.name]
    module.write_bytes(changed_module(module.read_bytes()))
    assert lines(site) == [(None, Severity.MEDIUM)]


def test_what_virtualenv_writes_is_known_until_a_byte_changes(tmp_path: Path) -> None:
    # 21 and later write it for Pythons before 3.10 only, and uv follows.
    environment(tmp_path / "tools")
    run(UV, "pip", "install", "-q", "--python", tmp_path / "tools", "virtualenv==20.36.1")
    python = tmp_path / "tools" / "bin" / "python"
    run(python, "-m", "virtualenv", "-q", "--no-download", "--no-seed", tmp_path / "env")
    (module,) = (tmp_path / "env" / "lib").glob("python3.*/site-packages/_virtualenv.py")
    site = module.parent
    assert {(found.known, found.severity) for found in started(site)} == {("virtualenv", Severity.INFO)}
    original = module.read_bytes()
    module.write_bytes(changed_module(original))
    assert {finding.rule for finding in started(site) if finding.severity >= Severity.HIGH} >= {
        "startup-unowned"
    }
    module.write_bytes(original)
    (site / "_virtualenv.pth").write_text("import _virtualenv;")
    assert lines(site) == [(None, Severity.MEDIUM)]


def test_what_uv_writes_is_known(tmp_path: Path) -> None:
    older = tmp_path / "tool"
    run(UV, "pip", "install", "-q", "--target", older, "uv==0.9.5")
    run(older / "bin" / "uv", "venv", "-q", "--python", sys.executable, tmp_path / "env")
    (module,) = (tmp_path / "env" / "lib").glob("python3.*/site-packages/_virtualenv.py")
    assert {(found.known, found.severity) for found in started(module.parent)} == {
        ("virtualenv", Severity.INFO)
    }
    module.write_bytes(changed_module(module.read_bytes()))
    assert lines(module.parent) == [(None, Severity.MEDIUM)]
