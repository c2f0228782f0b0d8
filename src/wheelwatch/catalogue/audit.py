"""The audit events that CPython raises, from ``data/audit_events.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from wheelwatch.catalogue.place import data_path


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    document = tomllib.loads(data_path("audit_events.toml").read_text(encoding="utf-8"))
    return {name: frozenset(map(str, document[name])) for name in ("events", "elsewhere", "dangerous")}


def found_here() -> frozenset[str]:
    """The events of the Linux interpreters from 3.8 to 3.13."""
    return _lists()["events"]


def is_raised(event: str) -> bool:
    """Whether some CPython raises an event of this name; with a final ``*``, one that begins so."""
    known = _lists()["events"] | _lists()["elsewhere"]
    if event.endswith("*"):
        return any(name.startswith(event[:-1]) for name in known)
    return event in known


def is_dangerous(event: str) -> bool:
    """Whether a sandbox would forbid it."""
    plain = event.rstrip("*")
    for name in _lists()["dangerous"]:
        if plain == name or (name.endswith("*") and plain.startswith(name[:-1])):
            return True
    return False
