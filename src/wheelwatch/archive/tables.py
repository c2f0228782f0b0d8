"""Tables of TOML files that others wrote: whatever is not as expected is as if it were not there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

Table = Mapping[str, Any]


def parsed(data: bytes) -> Table | None:
    """The tables of a file; ``None`` when they cannot be read."""
    try:
        return tomllib.loads(data.decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def inner(table: Table, *keys: str) -> Table:
    """A table within tables."""
    found: Any = table
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def strings(table: Table, *keys: str) -> list[str]:
    """A list of strings."""
    found = inner(table, *keys[:-1]).get(keys[-1])
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def rows(table: Table, *keys: str) -> list[Table]:
    """A list of tables."""
    found = inner(table, *keys[:-1]).get(keys[-1])
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
