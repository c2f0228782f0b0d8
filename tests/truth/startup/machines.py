"""The interpreters of the truth run: CPython as it is installed, 3.14 and 3.15 through node."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, TypeAlias

from tests.truth.startup.cases import Case, cases

HERE = Path(__file__).resolve().parent
NODE = HERE.parent / "pyodide"
PACKAGES = HERE.parents[2] / ".build" / "pyodide"

PYODIDES = ("pyodide-315", "pyodide-314")

Rows: TypeAlias = dict[str, dict[str, Any]]


def lay_out(folder: Path) -> dict[str, Path]:
    """Write every case below ``folder``; its name to its site directory."""
    places: dict[str, Path] = {}
    for number, case in enumerate(cases()):
        site = folder / str(number) / "site-packages"
        places[case.name] = site
        for place, content in case.files.items():
            path = site / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.replace(b"@SITE@", str(site).encode()))
        site.mkdir(parents=True, exist_ok=True)
    (folder / "list.json").write_text(json.dumps([(name, str(site)) for name, site in places.items()]))
    return places


def environment() -> dict[str, str]:
    """A UTF-8 locale and nothing that would change how Python starts."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "LC_", "WW_", "GUARD_"))
    }
    return kept | {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}


def drive(python: Path, folder: Path) -> Rows:
    """Every case in one interpreter: ``site.addsitedir`` in a fork of its own."""
    out = folder / f"out-{python.name}-{python.stat().st_ino}.jsonl"
    command = [
        str(python),
        "-I",
        "-S",
        "-W",
        "ignore",
        "-X",
        "utf8",
        str(HERE / "driver.py"),
        str(folder / "list.json"),
        str(out),
    ]
    subprocess.run(command, check=True, env=environment(), timeout=300, cwd=folder)
    return read_rows(out)


def read_rows(out: Path) -> Rows:
    return dict(json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())


def release(python: Path) -> str:
    """``"3.12.1"``."""
    ask = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    answer = subprocess.run(
        [str(python), "-I", "-S", "-c", ask], capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def start(python: Path, folder: Path, chosen: list[Case], places: dict[str, Path]) -> Rows:
    """The chosen cases as the site-packages of a virtual environment whose interpreter really starts."""
    home = folder / f"venv-{release(python)}"
    subprocess.run([str(python), "-m", "venv", "--without-pip", str(home)], check=True, env=environment())
    (site,) = home.glob("lib/python3.*/site-packages")
    shutil.rmtree(site)
    return {case.name: _start(home, site, places[case.name]) for case in chosen}


def _start(home: Path, site: Path, place: Path) -> dict[str, Any]:
    site.unlink(missing_ok=True)
    site.symlink_to(place)
    out, paths = home / "marks", home / "paths"
    for left in (out, paths):
        left.unlink(missing_ok=True)
    ask = "import sys; open(sys.argv[1], 'w').write(ascii(sys.path))"
    ran = subprocess.run(
        check=False,
        args=[str(home / "bin" / "python"), "-c", ask, str(paths)],
        env=environment() | {"WW_OUT": str(out), "PYTHONPATH": str(HERE)},
        stderr=subprocess.DEVNULL,
        timeout=300,
        cwd=home,
    )
    marks = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    return {"marks": marks, "code": ran.returncode}


@functools.cache
def node() -> str | None:
    """Why 3.14 and 3.15 cannot take part; ``None`` when they can. Installs the packages once."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not there"
    if not all((PACKAGES / "node_modules" / name).is_dir() for name in PYODIDES):
        PACKAGES.mkdir(parents=True, exist_ok=True)
        shutil.copy(NODE / "package.json", PACKAGES / "package.json")
        command = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--ignore-scripts",
            "--prefix",
            str(PACKAGES),
        ]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if ran.returncode:
            return f"npm could not install pyodide: {ran.stderr.strip().splitlines()[:1]}"
    return None


def drive_node(package: str, folder: Path) -> tuple[str, Rows]:
    """Every case in one Pyodide: its release and what it saw."""
    out = folder / f"out-{package}.jsonl"
    module = PACKAGES / "node_modules" / package / "pyodide.mjs"
    command = ["node", str(NODE / "run.mjs"), str(module), str(folder), str(HERE), str(out)]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=environment(), check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.split()[-1], read_rows(out)
