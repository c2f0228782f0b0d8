"""The test suite on every other supported Python that this machine has.

``python -m tools.matrix [PYTEST OPTION...]``, in environments of their own under ``.venvs/``. Ends 0 when
each run passed, also when there was none: a machine with one Python still has a gate.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.pythons import interpreters

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.txt"
SUPPORTED = ("3.11", "3.12", "3.13")


def main(options: Sequence[str]) -> int:
    """Run pytest with ``options`` on each version and return 0 when all passed, else 1."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = interpreters()
    others = [version for version in SUPPORTED if version != own]
    failed = []
    for version in others:
        if version not in found:
            print(
                f"Python {version}: not on this machine, not tested (WHEELWATCH_TEST_PYTHONS may name one)"
            )
        elif not _passes(_environment(version, found[version]), version, options):
            failed.append(version)
    if failed:
        print(f"failed on Python {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _passes(python: Path, version: str, options: Sequence[str]) -> bool:
    print(f"Python {version}:", flush=True)
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def _environment(version: str, executable: Path) -> Path:
    folder = ROOT / ".venvs" / version
    python = folder / "bin" / "python"
    stamp = folder / ".made-from"
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    subprocess.run([executable, "-m", "venv", "--clear", str(folder)], check=True)
    _install(python, "--require-hashes", "-r", str(LOCK))
    _install(python, "--no-deps", "-e", str(ROOT))
    stamp.write_text(wanted)
    return python


def _install(python: Path, *what: str) -> None:
    """Install with uv, which is fast; where it finds no index, with pip, whose settings decide."""
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "install", "-q", "--python", str(python), *what]
    if subprocess.run(command, check=False).returncode:
        subprocess.run([str(python), "-m", "pip", "install", "-qq", *what], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
