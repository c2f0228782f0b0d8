"""How each CPython release reads ``.pth`` and ``.start`` files: dialects and who speaks them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from wheelwatch.model import SUPPORTED_PYTHONS, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The rules of ``Lib/site.py`` of a range of releases."""

    minor: Version
    streams: bool
    """Decodes chunk by chunk in the locale's encoding while lines run, and knows no BOM; else the
    whole file is decoded first, and ``str.splitlines`` cuts it."""
    defers: bool
    """PEP 829: strips lines before the test for ``import``, goes on after an error, runs all import
    lines after all path lines and reads ``.start`` files."""
    reads_hidden: bool
    """Takes files whose name begins with a dot."""

    @property
    def way(self) -> tuple[bool, bool]:
        """What decides how the text of a file is read."""
        return self.streams, self.defers

    def takes(self, name: str, suffix: str) -> bool:
        """Whether a file of this name in a site directory is read as a ``suffix`` file."""
        return name.endswith(suffix) and (self.reads_hidden or not name.startswith("."))


# bpo/gh-113659; the micro that first skips hidden files, per minor.
_FIRST_SKIPPING_HIDDEN = {(3, 8): 19, (3, 9): 19, (3, 10): 14, (3, 11): 8, (3, 12): 2}
# gh-77102: UTF-8 first, the whole file at once.
_FIRST_WHOLE = (3, 12, 4)
_FIRST_DEFERRING = (3, 15, 0)
_RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)")


@cache
def dialect(release: str) -> Dialect:
    """The dialect of one release, ``"3.12.1"`` or ``"3.15.0rc1"``.

    Raises:
        ValueError: ``release`` names no micro version.
    """
    match = _RELEASE.match(release)
    if match is None:
        raise ValueError(f"not a full release: {release!r}")
    major, minor, micro = (int(part) for part in match.groups())
    return Dialect(
        minor=f"{major}.{minor}",
        streams=(major, minor, micro) < _FIRST_WHOLE,
        defers=(major, minor, micro) >= _FIRST_DEFERRING,
        reads_hidden=micro < _FIRST_SKIPPING_HIDDEN.get((major, minor), 0),
    )


@cache
def dialects(minor: Version) -> tuple[Dialect, ...]:
    """Every dialect that a released micro of ``minor`` (``"3.12"``) speaks, the oldest first."""
    major, number = (int(part) for part in minor.split("."))
    micros = {0, _FIRST_SKIPPING_HIDDEN.get((major, number), 0)}
    if (major, number) == _FIRST_WHOLE[:2]:
        micros.add(_FIRST_WHOLE[2])
    return tuple(dict.fromkeys(dialect(f"{minor}.{micro}") for micro in sorted(micros)))


EVERY: tuple[Dialect, ...] = tuple(each for minor in SUPPORTED_PYTHONS for each in dialects(minor))
"""The dialects of all released micros of the supported versions."""
