"""The target when none is given: the environment that the user most likely means."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import msgspec

from wheelwatch.sources.environment import interpreter_prefix
from wheelwatch.sources.layout import has_interpreter_layout

TOOL_MARKS = ("pipx_metadata.json", "uv-receipt.toml")
"""Files that pipx and uv leave in an environment that exists only to run one tool."""


class Choice(msgspec.Struct, frozen=True):
    """An environment and why it was taken."""

    prefix: str
    why: str


def default_target() -> Choice | None:
    """The first that exists of ``VIRTUAL_ENV``, ``CONDA_PREFIX``, ``./.venv``, ``./venv``, ourselves, PATH.

    Ourselves unless that is the isolated environment of a tool; of ``python3`` on PATH only the layout
    is read.
    """
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        value = os.environ.get(variable, "")
        if value and has_interpreter_layout(value):
            return Choice(value, f"from {variable}")
    for name in (".venv", "venv"):
        if Path(name, "pyvenv.cfg").is_file():
            return Choice(name, "in the current directory")
    if not any(Path(sys.prefix, mark).is_file() for mark in TOOL_MARKS):
        return Choice(sys.prefix, "the environment that runs wheelwatch")
    found = shutil.which("python3") or shutil.which("python")
    return Choice(interpreter_prefix(found), "python3 on PATH") if found else None
