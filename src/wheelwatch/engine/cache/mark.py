"""The mark of the code that reads bytes: what another code has read is another code's cache."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from wheelwatch.catalogue import data_path
from wheelwatch.limits import Limits

ROOMS = ("archive", "code", "model")
"""Every module of these reads bytes, or is the form in which that is kept."""

MODULES = (
    "catalogue/__init__.py",
    "catalogue/hooks.py",
    "catalogue/known.py",
    "catalogue/place.py",
    "catalogue/squat.py",
    "catalogue/stdlib.py",
    "engine/cache/contents.py",
    "engine/cache/wheels.py",
    "engine/task.py",
    "engine/worker.py",
    "escape.py",
    "limits.py",
)

DATA = ("hooks.toml", "known_startup.toml", "startup_names.toml")
"""Data that facts depend on; severities, incidents and rules are no part of facts."""

LIBRARIES = ("ahocorasick_rs", "msgspec", "packaging")


def mark(limits: Limits) -> str:
    """Hexadecimal digest of everything that facts depend on besides the bytes that they are about.

    Equal for two processes that would read the same bytes in the same way: the same code, data,
    libraries, limits, and the same Python.
    """
    text = f"{sys.implementation.cache_tag} {sys.hexversion} {_code()}".encode()
    return hashlib.sha256(text + msgspec.msgpack.encode(limits)).hexdigest()[:32]


@cache
def whole_mark() -> str:
    """Hexadecimal digest of everything that a verdict depends on besides what it was asked and has read."""
    root = Path(__file__).parents[2]
    modules = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    # Wherever the data lie, no other folder does.
    data = sorted(path.name for path in Path(str(data_path(DATA[0]))).parent.iterdir() if path.is_file())
    return f"{sys.implementation.cache_tag} {sys.hexversion} {_digest(modules, data)}"


@cache
def _code() -> str:
    root = Path(__file__).parents[2]
    rooms = (path for room in ROOMS for path in sorted((root / room).rglob("*.py")))
    return _digest([*(path.relative_to(root).as_posix() for path in rooms), *MODULES], DATA)


def _digest(modules: Iterable[str], data: Iterable[str]) -> str:
    """Of modules of ours and files of data, and the versions of the libraries."""
    root = Path(__file__).parents[2]
    rows = [(name, _content(root / name)) for name in modules]
    rows += [(name, _content(Path(str(data_path(name))))) for name in data]
    rows += [(name, _version(name)) for name in LIBRARIES]
    return hashlib.sha256(msgspec.msgpack.encode(rows)).hexdigest()


@cache
def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
