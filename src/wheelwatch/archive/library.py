"""The standard library as far as it starts things: the customize modules that systems put there."""

from __future__ import annotations

import posixpath

from wheelwatch.archive.folder import member, walk
from wheelwatch.archive.lists import listed
from wheelwatch.limits import Limits
from wheelwatch.model import Distribution, PackageKind, Version

CUSTOMIZE = frozenset({"sitecustomize", "usercustomize"})


def library_distribution(
    library: str, location: str, pythons: tuple[Version, ...], limits: Limits
) -> Distribution | None:
    """The customize modules in a standard library, where Debian and conda put theirs; they come first.

    They belong to the system package that lists them, else to nobody. ``None`` when there are none.
    """
    try:
        found = walk(library, limits, descends=lambda path: posixpath.basename(path) in CUSTOMIZE)
    except OSError:
        return None
    paths = [path for path in found.files if path.split("/", 1)[0].split(".", 1)[0] in CUSTOMIZE]
    if not paths:
        return None
    owner = next((row for row in listed(library, "", limits) if row.paths.issuperset(paths)), None)
    return Distribution(
        name=owner.name if owner else posixpath.basename(library),
        version=owner.version if owner else "",
        kind=PackageKind.INSTALLED if owner else PackageKind.UNOWNED,
        location=location,
        sha256=None,
        members=tuple(member(library, path, path, found.files[path]) for path in sorted(paths)),
        root=library,
        pythons=pythons,
    )
