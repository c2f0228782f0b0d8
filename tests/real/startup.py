"""The wheels of ``startup-pins.txt``, downloaded once into a folder that git ignores."""

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

from tests.real.wheels import PIN, ROOT

PINS = Path(__file__).with_name("startup-pins.txt")
SECTION = re.compile(r"^# pip: (.+)\n((?:.+\n)+)", re.MULTILINE)


@functools.cache
def pins() -> dict[str, str]:
    """``name==version`` -> sha256 of the wheel."""
    return {f"{name}=={version}": digest for name, version, digest in PIN.findall(PINS.read_text())}


@functools.cache
def wheels() -> dict[str, Path]:
    """``name==version`` -> path of the downloaded wheel, its hash checked again."""
    folder = ROOT / ".build" / "real" / hashlib.sha256(PINS.read_bytes()).hexdigest()[:16]
    if not folder.is_dir():
        _download(folder)
    by_digest = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.glob("*.whl")}
    return {pin: by_digest[digest] for pin, digest in pins().items()}


def _download(folder: Path) -> None:
    """Fill the folder in one step, so that of two test processes neither sees half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    only = ("--require-hashes", "--no-deps", "--only-binary=:all:")
    for options, rows in SECTION.findall(PINS.read_text()):
        asked = fresh / "requirements.txt"
        asked.write_text(rows)
        command = [sys.executable, "-m", "pip", "download", "-qq", *only, *options.split()]
        subprocess.run([*command, "-d", str(fresh), "-r", str(asked)], check=True)
    try:
        os.rename(fresh, folder)
    except OSError:  # the other process was first
        shutil.rmtree(fresh)
