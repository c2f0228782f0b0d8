"""Where pip and uv put a member of a wheel, computed from its name as they do it.

pip: ``pip/_internal/operations/install/wheel.py``; every top-level folder whose name ends in ``.data``
is spread over the schemes, after ``os.path.normpath``. uv: ``uv-install-wheel``; the archive is unpacked
as it is, and only ``{name}-{version}.data`` is spread.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

from wheelwatch.archive.issue import Issue
from wheelwatch.model import SUPPORTED_PYTHONS, Version

PREFIX = "{prefix}/"
SCHEMES = {
    "purelib": "",
    "platlib": "",
    "scripts": PREFIX + "bin/",
    "data": PREFIX,
    "headers": PREFIX + "include/site/python3.X/{name}/",
}

_BACK = re.compile(r"(?:\.\./|/).*?(?P<folder>(?:site|dist)-packages(?P<more>[^/]*))/(?P<rest>.+)")
_SITE = re.compile(
    r"\{prefix\}/(?:lib|lib64|local/lib)/python(?P<version>3(?:\.\d+)?)t?/(?:site|dist)-packages/(?P<rest>.+)"
)
_SITE_WINDOWS = re.compile(r"\{prefix\}/lib/site-packages/(?P<rest>.+)", re.IGNORECASE)


class Place(msgspec.Struct, frozen=True):
    """A place and what was remarkable on the way; ``place`` is ``None`` when the installer refuses it."""

    place: str | None
    issue: Issue | None = None
    order: int = 0
    """pip writes root files, then data files, then scripts: the later one wins."""


def pip_place(name: str, distribution: str) -> Place:
    """The place that pip gives to a member of this name (already cut at NUL).

    ``distribution`` is the name of the wheel's project, under which headers go.
    """
    if not name:
        return Place(None, Issue.BAD_NAME)
    normal = posixpath.normpath(name)
    if name.split("/", 1)[0].endswith(".data"):
        return _data(name, normal, distribution)
    if _climbs(normal):
        return Place(_returning(normal), Issue.CLIMBING)
    return Place(normal, Issue.NORMALISED if normal != name else None)


def _data(name: str, normal: str, distribution: str) -> Place:
    parts = normal.split("/", 2)
    if _climbs(normal):
        return Place(None, Issue.CLIMBING)
    if len(parts) < 3 or parts[1] not in SCHEMES:
        return Place(None, Issue.BAD_SCHEME)
    raw = name.split("/", 2)
    order = 2 if len(raw) > 2 and raw[1] == "scripts" else 1
    place = SCHEMES[parts[1]].format(prefix="{prefix}", name=distribution) + parts[2]
    return Place(place, Issue.NORMALISED if normal != name else None, order)


def _climbs(normal: str) -> bool:
    return normal in (".", "..") or normal.startswith(("../", "/"))


def _returning(normal: str) -> str | None:
    """A name that leaves the site directory and comes back, which pip lets pass.

    pip asks only where the path ends: ``../site-packages/x.pth`` is ``x.pth``, and so is
    ``/usr/local/lib/python3.12/site-packages/x.pth`` on a system that is laid out like that. Before
    26.0 it compared texts, so that ``../site-packages_more/x.py`` passed too.
    """
    found = _BACK.fullmatch(normal)
    if found is None:
        return None
    return f"../{found['folder']}/{found['rest']}" if found["more"] else found["rest"]


def uv_place(name: str, own_data: str, distribution: str) -> Place:
    """The place that uv gives to a member; ``own_data`` is ``{name}-{version}.data``.

    Names that climb are skipped; for names with control characters the whole archive is refused. A
    scheme that does not exist ends the installation, with the file left where it was unpacked.
    """
    if not name or _escapes(name):
        return Place(None, Issue.CLIMBING)
    normal = posixpath.normpath(name)
    if normal.split("/", 1)[0] != own_data:
        return Place(normal)
    spread = _data(normal, normal, distribution)
    return Place(normal) if spread.place is None else spread


def _escapes(name: str) -> bool:
    """As uv's ``enclosed_name``: absolute, or above the root at any point of the walk."""
    depth = 0
    for part in name.split("/"):
        if part == "..":
            depth -= 1
        elif part not in ("", "."):
            depth += 1
        if depth < 0:
            return True
    return name.startswith("/") or depth == 0


class SitePlace(msgspec.Struct, frozen=True):
    """A place as a site directory sees it."""

    path: str
    pythons: tuple[Version, ...]
    is_windows: bool = False


def site_place(place: str) -> SitePlace | None:
    """What a place is inside a site directory, and for which Pythons; ``None`` when it lies outside.

    Plain places are in the site directory of every Python. ``{prefix}/lib/python3.9/site-packages/x.pth``,
    by which a ``data`` scheme reaches the site directory of one version, is ``x.pth`` for 3.9;
    ``{prefix}/Lib/site-packages/x.pth`` is ``x.pth`` on Windows only.
    """
    if not place.startswith(PREFIX):
        return SitePlace(place, SUPPORTED_PYTHONS)
    if found := _SITE.fullmatch(place):
        version = found["version"]
        pythons = tuple(v for v in SUPPORTED_PYTHONS if version in (v, "3"))
        return SitePlace(found["rest"], pythons)
    if found := _SITE_WINDOWS.fullmatch(place):
        return SitePlace(found["rest"], SUPPORTED_PYTHONS, is_windows=True)
    return None
