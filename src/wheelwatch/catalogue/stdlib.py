"""The top-level modules of the standard library, over all supported versions, from ``data/stdlib.txt``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from wheelwatch.catalogue.place import data_path


@cache
def _names() -> frozenset[str]:
    lines = data_path("stdlib.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_stdlib(name: str) -> bool:
    """Whether the first part of a dotted name is a module of some supported version's standard library."""
    return name.partition(".")[0] in _names()


RENAMED: Mapping[str, str] = MappingProxyType(
    {f"{name} as": name for name in ("sys", "builtins", "threading", "gc", "ctypes")}
)
"""Tokens of files that give a sensitive module another name, each with the module; sketches note them."""
