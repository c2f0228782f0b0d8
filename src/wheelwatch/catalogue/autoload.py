"""Groups of entry points that a host loads by itself, from ``data/autoload.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from wheelwatch.catalogue.place import data_path


@cache
def _hosts() -> Mapping[str, str]:
    groups = tomllib.loads(data_path("autoload.toml").read_text(encoding="utf-8"))["groups"]
    return {str(group): str(host) for group, host in groups.items()}


def host(group: str) -> str | None:
    """Who loads the entry points of a group by itself; ``None`` when nobody does."""
    return _hosts().get(group)


def is_autoloaded(group: str) -> bool:
    """Whether a host loads the entry points of a group by itself."""
    return group in _hosts()
