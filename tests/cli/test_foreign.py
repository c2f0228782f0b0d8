"""Started inside a folder that belongs to the target: nothing is imported or configured from there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.factories import tree
from tests.support.program import AMBIENT

pytestmark = pytest.mark.processes

NEEDED = (
    *("ast", "dataclasses", "json", "pathlib", "tomllib", "typing", "zipfile"),
    *("ahocorasick_rs", "click", "libcst", "msgspec", "packaging", "rich", "typer"),
    *("sitecustomize", "usercustomize"),
)
"""Modules that wheelwatch, its dependencies or its workers import."""

EARLY = ("wheelwatch", "collections", "contextlib", "encodings", "enum", "os", "re", "runpy")
"""Modules that ``python -m`` takes from the current directory before any line of ours runs."""

SCRIPT = "import sys\nfrom wheelwatch.__main__ import main\nsys.exit(main())\n"
SETTINGS = '[tool.wheelwatch]\nfail-on = "never"\nfail_on = "never"\nformat = "json"\n'


def planted(folder: Path, names: tuple[str, ...]) -> Path:
    """A folder with an executed line, and modules each of which leaves a mark when it is imported."""
    code = f"import io\nio.open({str(folder / 'MARK')!r}, 'a').write(__name__ + ' ')\n"
    files = {f"{name}.py": code for name in names}
    files |= {f"{name}/__init__.py": code for name in names}
    return tree(
        folder, {**files, "zz.pth": "import sys; sys.settrace(print)\n", "pyproject.toml": SETTINGS}
    )


def run(start: list[str], folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, *start, "scan", ".", "--as", "folder", "--workers", "2"],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k not in AMBIENT and not k.startswith("WHEELWATCH_")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert "hook-trace" in done.stdout
    assert not (folder / "MARK").exists(), (folder / "MARK").read_text()
    return done.stdout


def test_the_console_script(tmp_path: Path) -> None:
    script = tree(tmp_path / "bin", {"wheelwatch": SCRIPT}) / "wheelwatch"
    assert "fails on high" in run([str(script)], planted(tmp_path / "target", (*NEEDED, *EARLY)))


def test_a_module_run_with_a_safe_path(tmp_path: Path) -> None:
    run(["-P", "-m", "wheelwatch"], planted(tmp_path, (*NEEDED, *EARLY)))


def test_a_module_run(tmp_path: Path) -> None:
    run(["-m", "wheelwatch"], planted(tmp_path, NEEDED))
