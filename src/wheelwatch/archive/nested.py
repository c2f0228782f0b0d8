"""Archives inside archives: a zip, whatever its suffix, that stands on the import path."""

from __future__ import annotations

import posixpath

from wheelwatch.archive.directory import BadZipError, Buffer, Bytes, Directory, directory
from wheelwatch.archive.opening import opened, read
from wheelwatch.limits import Limits
from wheelwatch.model import ContainerKind, FileRef, Member, Nested, NotAnalysed, Source


def read_nested(member: Member, limits: Limits) -> tuple[Member, ...]:
    """The files of a zip that is a member, placed below the member's own place as ``zipimport`` sees them.

    Empty when the member is no zip. Zips within that zip are not looked into: nothing imports from them.
    """
    source = member.source
    if not isinstance(source, FileRef) or member.place is None:
        return ()
    try:
        if source.kind is ContainerKind.FOLDER:
            path = f"{source.container}/{source.key}"
            with opened(path) as file:
                return _members(member, file, FileRef(path, ContainerKind.ZIP, ""), limits)
        data = read(source, limits)
        return _members(member, Buffer(data), source, limits) if isinstance(data, bytes) else ()
    except (OSError, BadZipError):
        return ()


def read_zip_folder(path: str, limits: Limits) -> tuple[Member, ...]:
    """The files of a zip on disk that stands on the import path itself, placed by their own names.

    Empty when there is no zip.
    """
    try:
        with opened(path) as file:
            entries = directory(file, limits).entries
    except (OSError, BadZipError):
        return ()
    members: dict[str, Member] = {}
    for entry in entries:
        name = entry.text
        if _is_plain(name):
            source = FileRef(path, ContainerKind.ZIP, str(entry.index))
            members[name] = Member(stored=name, place=name, uv_place=name, size=entry.size, source=source)
    return tuple(members.values())


def read_from_zip(path: str, name: str, limits: Limits) -> bytes | NotAnalysed:
    """One file of a zip on disk by its name; empty when it is not there or there is no zip."""
    found = next((member for member in read_zip_folder(path, limits) if member.stored == name), None)
    return read(found.source, limits) if found is not None else b""


def _is_plain(name: str) -> bool:
    """A name that ``zipimport`` can find: it does not normalise."""
    normal = posixpath.normpath(name)
    return (
        not name.endswith("/") and normal == name and not normal.startswith(("../", "/")) and name != ".."
    )


def _members(outer: Member, file: Bytes, source: FileRef, limits: Limits) -> tuple[Member, ...]:
    found: Directory = directory(file, limits)
    is_plain = outer.source != source
    members: dict[str, Member] = {}
    for entry in found.entries:
        name = entry.text
        if not _is_plain(name):
            continue
        key = str(entry.index)
        inner: Source = FileRef(source.container, source.kind, key) if is_plain else Nested(source, key)
        place = f"{outer.place}/{name}"
        uv = f"{outer.uv_place}/{name}" if outer.uv_place is not None else None
        stored = f"{outer.stored}/{name}"
        members[name] = Member(stored=stored, place=place, uv_place=uv, size=entry.size, source=inner)
    return tuple(members.values())
