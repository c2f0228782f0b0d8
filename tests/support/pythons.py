"""The real interpreters of this machine, for tests that compare wheelwatch with what Python does."""

from __future__ import annotations

import functools
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ASK = (
    "import sys; print('%d.%d' % sys.version_info[:2]);"
    "print(getattr(sys, '_base_executable', None) or sys.executable)"
)
OLDEST = 8
NAME = re.compile(r"python3(\.\d+)?\Z")


@functools.cache
def interpreters() -> dict[str, Path]:
    """Version (``"3.8"``) -> executable of every CPython from 3.8 on that is found, oldest first.

    Looked for in ``WHEELWATCH_TEST_PYTHONS`` (executables or folders of them, separated as PATH is),
    in pyenv's versions, on PATH and in the usual folders; the first that starts wins. A virtual
    environment's interpreter stands for the one that it was made from.
    """
    found: dict[str, Path] = {}
    for candidate in dict.fromkeys(_candidates()):
        version = _version_of_path(candidate)
        if version and version in found:
            continue
        answer = _ask(candidate)
        if answer and _minor(answer[0]) >= OLDEST:
            found.setdefault(answer[0], answer[1])
    return dict(sorted(found.items(), key=lambda item: _minor(item[0])))


def _candidates() -> Iterator[Path]:
    for entry in _split(os.environ.get("WHEELWATCH_TEST_PYTHONS", "")):
        yield from _in_folder(entry) if entry.is_dir() else [entry]
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in sorted(root.glob("versions/3.*/bin"), reverse=True):
        yield from _in_folder(version)
    shims = root / "shims"  # start the version that is selected, or fail
    folders = [*_split(os.environ.get("PATH", "")), Path("/usr/local/bin"), Path("/usr/bin")]
    for folder in folders:
        if folder != shims and folder.is_dir():
            yield from _in_folder(folder)


def _in_folder(folder: Path) -> list[Path]:
    return sorted((path for path in folder.glob("python3*") if NAME.match(path.name)), reverse=True)


def _split(value: str) -> list[Path]:
    return [Path(entry) for entry in value.split(os.pathsep) if entry]


def _minor(version: str) -> int:
    return int(version.split(".")[1])


def _version_of_path(path: Path) -> str | None:
    match = re.search(r"python(3\.\d+)\Z", path.name)
    return match.group(1) if match else None


def _ask(executable: Path) -> tuple[str, Path] | None:
    try:
        answer = subprocess.run(
            [str(executable), "-I", "-S", "-c", ASK],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = answer.stdout.splitlines()
    if answer.returncode or len(lines) != 2:
        return None
    return lines[0], Path(lines[1])
