"""The pinned wheels, downloaded once into a folder that git ignores."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINS = Path(__file__).with_name("pins.txt")
PIN = re.compile(r"^([\w.-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$", re.MULTILINE)
TARGET = ("--python-version=3.11", "--implementation=cp", "--platform=manylinux_2_28_x86_64")


@functools.cache
def pins() -> dict[str, str]:
    """Name -> sha256 of the wheel."""
    return {name: digest for name, _, digest in PIN.findall(PINS.read_text())}


@functools.cache
def wheels() -> dict[str, Path]:
    """Name -> path of the downloaded wheel, its hash checked again."""
    folder = ROOT / ".build" / "real" / hashlib.sha256(PINS.read_bytes()).hexdigest()[:16]
    if not folder.is_dir():
        _download(folder)
    by_digest = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.glob("*.whl")}
    return {name: by_digest[digest] for name, digest in pins().items()}


def _download(folder: Path) -> None:
    """Fill the folder in one step, so that of two test processes neither sees half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    only = ("--require-hashes", "--no-deps", "--only-binary=:all:", *TARGET)
    command = [sys.executable, "-m", "pip", "download", "-qq", *only, "-d", str(fresh), "-r", str(PINS)]
    subprocess.run(command, check=True)
    try:
        os.rename(fresh, folder)
    except OSError:  # the other process was first
        shutil.rmtree(fresh)
