"""What on a command line is a requirement and no path."""

from __future__ import annotations

from packaging.requirements import InvalidRequirement, Requirement


def is_pin(text: str) -> bool:
    """It names a package and a version, and no path: ``coverage==7.13.0``."""
    try:
        found = Requirement(text)
    except InvalidRequirement:
        return False
    return bool(found.specifier) or found.url is not None
