"""A wheel, an editable install and a wheel by way of the sdist find their data and scan."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import demo

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("pyproject.toml", "README.md", "LICENSE", "src", "data")

pytestmark = pytest.mark.network


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))},
        capture_output=True,
        text=True,
        check=False,
    )


def must(*command: str | Path, cwd: Path | None = None) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def checkout(folder: Path) -> Path:
    """A copy of what is built from, so that no build touches the checkout."""
    folder.mkdir()
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def environment(folder: Path, *what: str | Path) -> Path:
    """A virtual environment with ``what`` installed by pip; the folder of its programs."""
    must(sys.executable, "-m", "venv", folder)
    must(folder / "bin" / "python", "-m", "pip", "install", "-qq", *what)
    return folder / "bin"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    must(sys.executable, "-m", "build", "--outdir", folder, checkout(folder / "checkout"))
    return folder


def check(programs: Path, folder: Path) -> None:
    """The installed program answers, knows its rules and judges the demo wheel, in an empty folder."""
    folder.mkdir()
    wheel = demo.build(folder)
    program = programs / "wheelwatch"
    assert must(program, "--version", cwd=folder).split() == ["wheelwatch", "0.1.0"]
    assert "hook-trace" in must(program, "rules", cwd=folder)
    scan = run(program, "scan", wheel, cwd=folder)
    assert scan.returncode == 1, scan.stdout + scan.stderr
    assert "sys.settrace" in scan.stdout
    module = run(programs / "python", "-m", "wheelwatch", "scan", wheel, cwd=folder)
    assert (module.returncode, module.stdout) == (1, scan.stdout)


def test_a_wheel_by_way_of_the_sdist(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    programs = environment(tmp_path / "env", wheel)
    check(programs, tmp_path / "work")


def test_a_wheel_from_the_checkout_is_the_same(built: Path, tmp_path: Path) -> None:
    must(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--outdir",
        tmp_path / "out",
        checkout(tmp_path / "checkout"),
    )
    (direct,) = (tmp_path / "out").glob("*.whl")
    (by_sdist,) = built.glob("*.whl")
    assert names(direct) == names(by_sdist)


def test_an_editable_install_reads_the_data_of_the_checkout(tmp_path: Path) -> None:
    source = checkout(tmp_path / "checkout")
    programs = environment(tmp_path / "env", "-e", source)
    check(programs, tmp_path / "work")
    site_packages = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    assert list(site_packages.glob("wheelwatch/data/*")) == []


def test_the_wheel_holds_the_package_its_data_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    inside = names(wheel)
    tops = {name.split("/")[0] for name in inside}
    assert tops == {"wheelwatch", "wheelwatch-0.1.0.dist-info"}
    data = {name.removeprefix("wheelwatch/data/") for name in inside if name.startswith("wheelwatch/data/")}
    assert data == {path.name for path in (ROOT / "data").iterdir()}
    assert "wheelwatch/py.typed" in inside
    assert "wheelwatch-0.1.0.dist-info/licenses/LICENSE" in inside


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())
