"""Settings of Jupyter that switch a package's own extension or kernel on, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from wheelwatch.model import Distribution


def is_own_setting(data: bytes, owner: Distribution) -> bool:
    """A Jupyter setting that switches the owner's own extension on, or starts the plain kernel."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, dict):
        return False
    if "argv" in found:
        return _is_plain_kernel(found, owner)
    names = [name for table in found.values() for name in _extensions(table)]
    return bool(names) and all(_ships(owner, name) for name in names)


def _extensions(table: Any) -> Iterator[str]:
    for key, value in table.items() if isinstance(table, dict) else ():
        if key in ("jpserver_extensions", "nbserver_extensions") and isinstance(value, dict):
            yield from value
        else:
            yield ""


def _is_plain_kernel(found: dict[str, Any], owner: Distribution) -> bool:
    words = found["argv"]
    if not isinstance(words, list) or len(words) < 3 or "env" in found:
        return False
    is_python = re.fullmatch(r"python[\d.]*", str(words[0])) is not None
    return is_python and "-m" in words[:-1] and _ships(owner, str(words[words.index("-m") + 1]))


def _ships(owner: Distribution, module: str) -> bool:
    top = module.partition(".")[0]
    return bool(top) and any(member.path in (f"{top}.py", f"{top}/__init__.py") for member in owner.members)
