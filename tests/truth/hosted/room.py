"""Throw-away environments with build tools and pytest, in which every trace function is written down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support.pythons import interpreters

UV = Path(sys.executable).with_name("uv")
TOOLS = ("pip", "setuptools", "wheel", "hatchling", "pytest")

# What runs without a file of its own says by ``__file__`` which one it was read from.
HEARING = r"""
import json, os, sys

folder, journal = os.environ.get("HEARD_FOLDER"), os.environ.get("HEARD_JOURNAL")

def place(frame):
    code = frame.f_code
    name = code.co_filename
    if name.startswith("<") or not os.path.isabs(name):
        name = str(frame.f_globals.get("__file__"))
    name = os.path.realpath(name)
    if name.startswith(folder + os.sep):
        return [os.path.relpath(name, folder), frame.f_lineno, code.co_name]
    return None

def heard(event, args):
    if event == "sys.settrace":
        stack, frame = [], sys._getframe(1)
        while frame is not None:
            stack.append(place(frame))
            frame = frame.f_back
        steps = [step for step in stack[::-1] if step]
        if steps:
            with open(journal, "a") as file:
                file.write(json.dumps(steps) + "\n")

if folder:
    sys.addaudithook(heard)
"""

Stack = list[tuple[str, int, str]]


class Room(NamedTuple):
    """One environment."""

    version: str
    python: Path

    def run(self, folder: Path, *command: str, path: Path | None = None) -> list[Stack]:
        """The stacks at each trace function that code below a folder sets while the command runs there."""
        journal = folder.parent / f"{folder.name}.journal"
        journal.write_text("")
        told = {"HEARD_FOLDER": str(folder.resolve()), "HEARD_JOURNAL": str(journal)}
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        paths = {"PYTHONPATH": str(path)} if path else {}
        done = subprocess.run(
            [str(self.python), *command],
            env={**kept, **told, **paths, "PYTHONDONTWRITEBYTECODE": "1", "PIP_NO_INPUT": "1"},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        rows = [json.loads(line) for line in journal.read_text().splitlines()]
        return [[(path, line, name) for path, line, name in row] for row in rows]


def furnish(folder: Path, version: str) -> Room:
    """A new environment of this version with the tools."""
    venv = [str(UV), "venv", "-q", "--python", str(interpreters()[version]), str(folder)]
    subprocess.run(venv, check=True, capture_output=True, timeout=300)
    python = folder / "bin" / "python"
    # What is not compiled here each of a hundred runs would compile anew, and none would keep it.
    install = [str(UV), "pip", "install", "-q", "--compile-bytecode", "--python", str(python), *TOOLS]
    subprocess.run(install, check=True, capture_output=True, timeout=300)
    (site,) = (folder / "lib").glob("python3.*/site-packages")
    (site / "sitecustomize.py").write_text(HEARING)
    return Room(version, python)
