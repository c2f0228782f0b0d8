"""The address of a scanned thing in reports that other programs link to their sources."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from wheelwatch.model import Package

SAFE = "/-._~!$'()*+,=@"


def asked(package: Package) -> tuple[str, int]:
    """File and line to which a package belongs for its user: the requirement, else the scanned thing."""
    origin = package.origin
    if origin is not None and origin.file:
        return origin.file, max(origin.line, 1)
    return package.location, 1


def uri(location: str) -> str:
    """A path as a reference of which readers find the file: relative below the current directory.

    Names that are no UTF-8 are written byte by byte.
    """
    path = location
    if os.path.isabs(path):  # noqa: PTH117 - os.fsencode takes what pathlib would normalise
        try:
            path = os.path.relpath(path)
        except (OSError, ValueError):
            path = location
        if path.startswith(".."):
            return "file://" + quote(os.fsencode(location), safe=SAFE)
    return quote(os.fsencode(Path(path).as_posix()), safe=SAFE) or "."
