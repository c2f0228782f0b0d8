"""What ``.pth`` path lines and editable installs add to a set: folders and zips on the import path."""

from __future__ import annotations

import json
import os
import posixpath
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from wheelwatch.archive import (
    Tree,
    read,
    read_nested,
    read_project,
    read_tree,
    read_zip_folder,
    site_place,
)
from wheelwatch.errors import TargetError
from wheelwatch.limits import Limits
from wheelwatch.model import Distribution, Member, PackageKind, TargetSet

NOWHERE = "/{prefix}"
"""Stands for the prefix of archives, which are installed nowhere yet."""

MAX_ROOTS = 200
"""Folders outside the set that are followed; more are left to the startup room as unresolved lines."""


class Line(msgspec.Struct, frozen=True):
    """A path line: where it leads, as an absolute path, and the distribution whose file has it."""

    path: str
    distribution: int


def expand(target: TargetSet, limits: Limits, *, is_on_disk: bool) -> TargetSet:
    """Add the members of zips to which path lines lead, and the folders outside of the set.

    Folders are followed for what is installed on this system only: an archive must not make us read
    files that have nothing to do with it.
    """
    lines = tuple(dict.fromkeys(_lines(target, limits)))
    target = _with_zips(target, lines, limits)
    if not is_on_disk:
        return target
    known = list(target.roots)
    found: list[Distribution] = []
    for line in lines:
        if len(known) >= len(target.roots) + MAX_ROOTS or not _is_new(line.path, known):
            continue
        if outside := _outside(line, target, limits):
            known.append(line.path)
            found += outside
    for index, folder in _editables(target, limits):
        if _is_new(folder, known) and not any(root.startswith(folder + "/") for root in known):
            known.append(folder)
            found += _project(target.distributions[index], folder, limits)
    return msgspec.structs.replace(
        target, distributions=(*target.distributions, *found), roots=tuple(known)
    )


def _base(root: str) -> str:
    return root or f"{NOWHERE}/lib/python3/site-packages"


def _lines(target: TargetSet, limits: Limits) -> Iterator[Line]:
    for index, distribution in enumerate(target.distributions):
        if distribution.root not in target.site_roots:
            continue
        for member in distribution.members:
            if member.path.endswith(".pth") and _is_at_top(member):
                yield from _of_file(member, index, _base(distribution.root), limits)


def _is_at_top(member: Member) -> bool:
    places = (member.place, member.uv_place)
    found = (site_place(place) for place in places if place is not None)
    return any(place is not None and "/" not in place.path for place in found)


def _of_file(member: Member, index: int, base: str, limits: Limits) -> Iterator[Line]:
    """Every line that some version may take for a path; wider than any of them."""
    data = read(member.source, limits) if member.size <= limits.startup_bytes else b""
    if not isinstance(data, bytes):
        return
    text = data.decode("utf-8-sig", "surrogateescape")
    for line in text.splitlines()[: limits.startup_lines]:
        path = line.strip().replace("\\", "/")
        if path and not path.startswith(("#", "import ", "import\t")) and "\0" not in path:
            yield Line(posixpath.normpath(posixpath.join(base, path)), index)


def _with_zips(target: TargetSet, lines: Iterable[Line], limits: Limits) -> TargetSet:
    """Each zip that a line names, or that stands where the standard library's is looked for, opened."""
    wanted = {line.path for line in lines}
    changed = []
    for distribution in target.distributions:
        inner = tuple(
            row
            for member in distribution.members
            if _is_on_path(member, distribution.root, wanted)
            for row in read_nested(member, limits)
        )
        members = (*distribution.members, *inner)
        changed.append(msgspec.structs.replace(distribution, members=members) if inner else distribution)
    return msgspec.structs.replace(target, distributions=tuple(changed))


def _is_on_path(member: Member, root: str, wanted: set[str]) -> bool:
    place = member.place
    if place is None:
        return False
    if place.startswith("{prefix}/"):
        name = posixpath.basename(place)
        if name.startswith("python3") and name.endswith(".zip"):
            return True
    if not wanted:
        return False
    if not place.startswith("{prefix}/"):
        return posixpath.join(_base(root), place) in wanted
    found = site_place(place)
    inside = found is not None and posixpath.join(_base(root), found.path) in wanted
    return inside or posixpath.join(NOWHERE, place.removeprefix("{prefix}/")) in wanted


def _is_new(path: str, known: Iterable[str]) -> bool:
    """Outside of every root, and not around one: a line may say ``/``."""
    inside = path.rstrip("/") + "/"
    return not any(inside.startswith(root + "/") or root.startswith(inside) for root in known)


def _outside(line: Line, target: TargetSet, limits: Limits) -> tuple[Distribution, ...]:
    """A folder or zip that lies elsewhere on this system."""
    owner = target.distributions[line.distribution]
    try:
        mode = Path(line.path).stat().st_mode
    except (OSError, ValueError):
        return ()
    if stat.S_ISREG(mode):
        members = read_zip_folder(line.path, limits)
        return (_borrowed(owner, line.path, members),) if members else ()
    if not stat.S_ISDIR(mode) or len(Path(line.path).parts) < 3:
        return ()
    tree = Tree(root=line.path, location=owner.location, pythons=owner.pythons, is_loose=True)
    try:
        found = read_tree(tree, limits)
    except TargetError:
        return ()
    if owner.kind is PackageKind.UNOWNED:
        return found
    return tuple(_named(owner, row) for row in found)


def _named(owner: Distribution, row: Distribution) -> Distribution:
    """What nobody owns in a folder that an installed ``.pth`` adds belongs to who brought the ``.pth``."""
    if row.kind is not PackageKind.UNOWNED:
        return row
    return msgspec.structs.replace(row, name=owner.name, version=owner.version, kind=PackageKind.FOLDER)


def _borrowed(owner: Distribution, root: str, members: tuple[Member, ...]) -> Distribution:
    return Distribution(
        name=owner.name,
        version=owner.version,
        kind=PackageKind.FOLDER,
        location=owner.location,
        sha256=None,
        members=members,
        root=root,
        pythons=owner.pythons,
    )


def _editables(target: TargetSet, limits: Limits) -> Iterator[tuple[int, str]]:
    """(distribution, folder) of each ``direct_url.json`` that says editable."""
    for index, distribution in enumerate(target.distributions):
        for member in distribution.members:
            if (
                not member.path.endswith(".dist-info/direct_url.json")
                or member.size > limits.metadata_bytes
            ):
                continue
            data = read(member.source, limits)
            folder = _editable_folder(data) if isinstance(data, bytes) else ""
            if folder and len(Path(folder).parts) > 2 and os.path.isdir(folder):  # noqa: PTH112 - may hold NUL
                yield index, folder


def _editable_folder(data: bytes) -> str:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict) or not isinstance(url := found.get("url"), str):
        return ""
    inside = found.get("dir_info")
    if not isinstance(inside, dict) or inside.get("editable") is not True:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = unquote(parts.path) if parts.scheme == "file" and not parts.netloc else ""
    return posixpath.normpath(path) if path.startswith("/") and "\0" not in path else ""


def _project(owner: Distribution, folder: str, limits: Limits) -> tuple[Distribution, ...]:
    """The project behind an editable install whose finder knows the files by itself."""
    try:
        found = read_project(folder, owner.location, limits)
    except TargetError:
        return ()
    placed = tuple(member for member in found.members if member.place is not None)
    return (
        msgspec.structs.replace(
            found, name=owner.name, version=owner.version, members=placed, pythons=owner.pythons
        ),
    )
