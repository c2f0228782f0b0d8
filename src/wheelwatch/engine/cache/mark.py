"""The mark of the code that reads bytes: what another code has read is another code's cache."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
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
def _code() -> str:
    hashing = hashlib.sha256()
    for name, data in _parts():
        hashing.update(b"%b %d " % (name.encode(), len(data)))
        hashing.update(data)
    return hashing.hexdigest()


def _parts() -> Iterator[tuple[str, bytes]]:
    root = Path(__file__).parents[2]
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_bytes()
    for name in MODULES:
        yield name, (root / name).read_bytes()
    for name in DATA:
        yield name, data_path(name).read_bytes()
    for name in LIBRARIES:
        yield name, _version(name).encode()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
