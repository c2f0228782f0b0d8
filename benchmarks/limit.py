"""What the work costs at least: the same files read, hashed, inflated and parsed by nothing but that.

``python -m benchmarks.limit WORK FOLDER [PROCESSES]`` does it once; its time is taken from outside.
"""

from __future__ import annotations

import ast
import gc
import hashlib
import multiprocessing
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

CHUNK = 64


def sources(folder: Path) -> list[Path]:
    """Every ``.py`` file below a folder."""
    return sorted(folder.rglob("*.py"))


def read(folder: Path) -> int:
    return sum(len(path.read_bytes()) for path in sources(folder))


def sha256(folder: Path) -> int:
    return len([hashlib.sha256(path.read_bytes()).digest() for path in sources(folder)])


def inflate(folder: Path) -> int:
    total = 0
    for path in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".py")]
            total += sum(len(archive.read(name)) for name in names)
    return total


def parse(folder: Path, processes: int = 1) -> int:
    """The number of files that the running Python parses."""
    paths = sources(folder)
    if processes == 1:
        _quiet()
        return sum(map(_parsed, paths))
    with multiprocessing.Pool(processes, _quiet) as pool:
        return sum(pool.imap_unordered(_parsed, paths, CHUNK))


def _quiet() -> None:
    warnings.simplefilter("ignore")
    gc.disable()


def _parsed(path: Path) -> bool:
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


WORKS: dict[str, Callable[..., int]] = {"read": read, "sha256": sha256, "inflate": inflate, "parse": parse}


def main(arguments: list[str]) -> None:
    work, folder, *counts = arguments
    print(WORKS[work](Path(folder), *map(int, counts)))


if __name__ == "__main__":
    main(sys.argv[1:])
