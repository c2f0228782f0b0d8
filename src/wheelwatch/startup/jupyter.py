"""Settings of Jupyter that switch a package's own extension or kernel on, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from wheelwatch.model import Distribution


def is_own_setting(data: bytes, owners: tuple[Distribution, ...], root: str) -> bool:
    """Whether a Jupyter setting only switches on extensions of these owners, or starts their plain kernel.

    ``root`` is the site directory: the kernel's interpreter may be named by its place in that prefix.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, dict):
        return False
    if "argv" in found:
        return _is_plain_kernel(found, owners, root)
    names = [name for table in found.values() for name in _extensions(table)]
    return bool(names) and all(_ship(owners, name) for name in names)


def _extensions(table: Any) -> Iterator[str]:
    for key, value in table.items() if isinstance(table, dict) else ():
        if key in ("jpserver_extensions", "nbserver_extensions") and isinstance(value, dict):
            yield from value
        else:
            yield ""


def _is_plain_kernel(found: dict[str, Any], owners: tuple[Distribution, ...], root: str) -> bool:
    words = found["argv"]
    if not isinstance(words, list) or len(words) < 3 or "env" in found or "-m" not in words[:-1]:
        return False
    prefix, lib, _ = root.partition("/lib/python3")
    program = str(words[0]).removeprefix(f"{prefix}/bin/" if lib else "\0")
    module = str(words[words.index("-m") + 1])
    return re.fullmatch(r"python[\d.]*", program) is not None and _ship(owners, module)


def _ship(owners: tuple[Distribution, ...], module: str) -> bool:
    top = module.partition(".")[0]
    wanted = (f"{top}.py", f"{top}/__init__.py")
    return bool(top) and any(member.path in wanted for owner in owners for member in owner.members)
