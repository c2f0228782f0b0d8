"""The distributions that a site directory declares: dist-info, egg-info and eggs."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.archive.issue import Issue
from wheelwatch.archive.metadata import entry_points, metadata, wheel_tags
from wheelwatch.archive.record import UNSIGNED, Record, Row, record
from wheelwatch.limits import Limits
from wheelwatch.model import ArchiveIssue, EntryPoint, Member

Text = Callable[[str], bytes]
"""Content of a file of the site directory; empty when it is not there."""


class Owner(msgspec.Struct, kw_only=True):
    """One distribution while its files are gathered.

    ``info`` is its metadata folder or file, ``listed`` the files that it lists itself, ``tops`` the
    top-level names by which files are taken for its own when it lists none.
    """

    info: str
    name: str
    version: str
    requires_python: str = ""
    tags: tuple[str, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    listed: Record | None = None
    tops: tuple[str, ...] = ()
    members: list[Member] = []
    issues: list[ArchiveIssue] = []
    changed: set[str] = set()
    """Places of files that have another hash than its RECORD says."""

    @property
    def is_egg(self) -> bool:
        """It is an egg folder, all of whose files are its own."""
        return self.info.endswith("/EGG-INFO")

    def needs_hash(self, path: str) -> bool:
        """Installers record a hash for everything but bytecode and RECORD itself."""
        is_free = path.endswith(".pyc") or path.removeprefix(f"{self.info}/") in UNSIGNED
        return self.info.endswith(".dist-info") and not is_free


def owners(tops: Sequence[str], files: dict[str, int], text: Text, limits: Limits) -> Iterator[Owner]:
    """Yield what the top-level names of a site directory declare, in their order."""
    for top in tops:
        if top.endswith(".dist-info"):
            yield _modern(top, text, limits)
        elif top.endswith(".egg-info"):
            yield _egg_info(top, top if top in files else f"{top}/PKG-INFO", text, limits)
        elif top.endswith(".egg") and text(f"{top}/EGG-INFO/PKG-INFO"):
            yield _egg_info(f"{top}/EGG-INFO", f"{top}/EGG-INFO/PKG-INFO", text, limits)


def _modern(info: str, text: Text, limits: Limits) -> Owner:
    about = metadata(text(f"{info}/METADATA"))
    name, version = split(info.removesuffix(".dist-info"))
    rows = text(f"{info}/RECORD")
    owner = Owner(
        info=info,
        name=about.name or name,
        version=about.version or version,
        requires_python=about.requires_python,
        tags=wheel_tags(text(f"{info}/WHEEL")),
        entry_points=entry_points(text(f"{info}/entry_points.txt")),
        listed=record(rows, limits.members) if rows else None,
        tops=() if rows else _tops(info, about.name or name, text),
    )
    if not about.name:
        owner.issues.append(note(Issue.METADATA_ABSENT, f"{info}/METADATA", "has no name"))
    return owner


def _egg_info(info: str, about_file: str, text: Text, limits: Limits) -> Owner:
    about = metadata(text(about_file))
    stem = info.removesuffix("/EGG-INFO").removesuffix(".egg-info").removesuffix(".egg")
    name, version = split(stem)
    listed = _installed_files(info, text, limits)
    return Owner(
        info=info,
        name=about.name or name,
        version=about.version or version,
        requires_python=about.requires_python,
        entry_points=entry_points(text(f"{info}/entry_points.txt")),
        listed=listed,
        tops=_tops(info, about.name or name, text) if listed is None else (),
    )


def _installed_files(info: str, text: Text, limits: Limits) -> Record | None:
    """``installed-files.txt``, relative to the metadata folder, as rows without a hash."""
    data = text(f"{info}/installed-files.txt")
    if not data:
        return None
    lines = data.decode("utf-8", "surrogateescape").splitlines()[: limits.members]
    paths = (posixpath.normpath(f"{info}/{line}") for line in lines if line)
    return Record({path: Row(path) for path in paths})


def _tops(info: str, name: str, text: Text) -> tuple[str, ...]:
    """Top-level names: the egg folder itself, ``top_level.txt``, else the project's own name."""
    if info.endswith("/EGG-INFO"):
        return (info.removesuffix("/EGG-INFO"),)
    lines = text(f"{info}/top_level.txt").decode("utf-8", "surrogateescape").split()
    plain = canonicalize_name(name).replace("-", "_")
    return tuple(lines) or (plain, name)


def split(stem: str) -> tuple[str, str]:
    """Name and version of ``name-1.0-py3.8``."""
    parts = stem.split("-")
    return parts[0], parts[1] if len(parts) > 1 else ""


def note(issue: Issue, path: str, detail: str) -> ArchiveIssue:
    """An issue as a value."""
    return ArchiveIssue(issue=issue, path=path, detail=detail)
