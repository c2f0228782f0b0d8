"""Releases of real projects for the story of the gate, downloaded once, their hashes checked."""

from __future__ import annotations

import functools
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS = Path(__file__).with_name("release-pins.txt")
PIN = re.compile(r"^(\S+==\S+) --hash=sha256:([0-9a-f]{64})$", re.MULTILINE)
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
TARGET = ("--python-version=3.11", "--implementation=cp", *(f"--platform={name}" for name in PLATFORMS))


def releases(*wanted: str) -> tuple[Path, ...]:
    """The wheels of these pins, each a ``name==version`` of the list beside this module."""
    return tuple(_wheel(pin) for pin in wanted)


@functools.cache
def _wheel(pin: str) -> Path:
    digests: dict[str, str] = dict(PIN.findall(PINS.read_text()))
    digest = digests[pin]
    folder = ROOT / ".build" / "releases" / digest[:16]
    if not any(folder.glob("*.whl")):
        only = ("--no-deps", "--only-binary=:all:", *TARGET)
        command = [sys.executable, "-m", "pip", "download", "-qq", *only, "-d", str(folder), pin]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no package index that has {pin}: {done.stderr.strip()[-200:]}")
    path = next(folder.glob("*.whl"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, f"the index has another {pin}"
    return path
