"""What a source says of its requirements where only a build would tell for certain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wheelwatch import archive
from wheelwatch.archive.metadata import metadata
from wheelwatch.limits import Limits
from wheelwatch.model import Distribution

_EXTRA = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")


def stated(found: Distribution, limits: Limits) -> tuple[str, ...]:
    """Requirements of ``PKG-INFO`` and of setuptools' ``requires.txt``, each once, as in metadata."""
    rows: dict[str, None] = {}
    for member in found.members:
        name = member.stored.rpartition("/")[2]
        is_lists = name == "requires.txt" and ".egg-info/" in member.stored
        if not (is_lists or (name == "PKG-INFO" and member.stored.count("/") <= 1)):
            continue
        data = archive.read(member.source, limits)
        if isinstance(data, bytes):
            rows.update(dict.fromkeys(listed(data) if is_lists else metadata(data).requires))
    return tuple(rows)


def listed(data: bytes) -> Iterator[str]:
    """The lines of a ``requires.txt``; a section is ``[extra]``, ``[:marker]`` or ``[extra:marker]``."""
    condition = ""
    for raw in data.decode("utf-8", "replace").splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = line[1:-1].partition(":")
            parts = [f"({marker.strip()})"] if marker.strip() else []
            if extra:
                parts.append(f"extra == '{extra}'" if _EXTRA.fullmatch(extra) else "python_version < '0'")
            condition = " and ".join(parts)
        elif line and not line.startswith("#"):
            yield f"{line} ; {condition}" if condition else line
