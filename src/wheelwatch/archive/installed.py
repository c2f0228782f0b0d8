"""Site directories: every file belongs to the distribution that lists it, or to the unowned package."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from collections.abc import Iterable, Iterator

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.archive.folder import Walk, member, read_file, walk
from wheelwatch.archive.issue import Issue
from wheelwatch.archive.metadata import entry_points, metadata, pythons, wheel_tags
from wheelwatch.archive.record import Record, Row, record
from wheelwatch.errors import TargetError
from wheelwatch.limits import Limits
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    ArchiveIssue,
    ContainerKind,
    Distribution,
    EntryPoint,
    FileRef,
    Member,
    NotAnalysed,
    PackageKind,
    Version,
)

CODE_SUFFIXES = (".py", ".pyc", ".pyw", ".so", ".pyd", ".pth", ".start", ".egg-link")
_COMPILED = re.compile(r"(?P<stem>.+?)\.[\w-]+(\.opt-\w+)?\.pyc")
_STARTING = re.compile(r"(?:.*\.(?:pth|start)|(?:site|user)customize.*)")


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """How a site directory is to be read.

    ``root`` is the directory, ``prefix`` the environment around it when there is one, ``location`` what
    reports show, ``pythons`` the versions that count.
    """

    root: str
    location: str
    prefix: str = ""
    pythons: tuple[Version, ...] = SUPPORTED_PYTHONS


class _Owner(msgspec.Struct, kw_only=True):
    """One distribution while its files are gathered; ``info`` is its metadata folder or file."""

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


def read_tree(tree: Tree, limits: Limits) -> tuple[Distribution, ...]:
    """Read a site directory, or a folder as if it were one: its distributions, the unowned package last.

    Raises:
        TargetError: the folder cannot be listed.
    """
    try:
        found = walk(tree.root, limits)
    except OSError as error:
        hint = "give a folder that exists and that this user may read"
        raise TargetError(tree.root, error.strerror or str(error), hint) from None
    return _Site(tree, found, limits).distributions()


class _Site:
    """One site directory while it is read."""

    def __init__(self, tree: Tree, found: Walk, limits: Limits) -> None:
        self.tree = tree
        self.walk = found
        self.limits = limits
        self.owners: list[_Owner] = []
        self.owned: dict[str, _Owner] = {}

    def distributions(self) -> tuple[Distribution, ...]:
        self.owners = list(self._owners())
        for owner in self.owners:
            self._claim_info(owner)
        for owner in self.owners:
            self._claim_listed(owner)
        for owner in self.owners:
            self._claim_tops(owner)
        self._claim_compiled()
        for path, owner in self.owned.items():
            owner.members.append(self._member(path))
        found = [self._distribution(owner) for owner in self.owners]
        return (*found, *self._unowned())

    # who is there

    def _owners(self) -> Iterator[_Owner]:
        tops = sorted({path.split("/", 1)[0] for path in self.walk.files})
        for top in tops:
            if top.endswith(".dist-info"):
                yield self._modern(top)
            elif top.endswith(".egg-info"):
                yield self._egg_info(top, "PKG-INFO" if top not in self.walk.files else "")
            elif top.endswith(".egg") and f"{top}/EGG-INFO/PKG-INFO" in self.walk.files:
                yield self._egg_info(top + "/EGG-INFO", "PKG-INFO")

    def _text(self, path: str) -> bytes:
        if path not in self.walk.files:
            return b""
        data = read_file(f"{self.tree.root}/{path}", self.limits.metadata_bytes)
        return data if isinstance(data, bytes) else b""

    def _modern(self, info: str) -> _Owner:
        about = metadata(self._text(f"{info}/METADATA"))
        name, version = _split(info.removesuffix(".dist-info"))
        listed = self._text(f"{info}/RECORD")
        owner = _Owner(
            info=info,
            name=about.name or name,
            version=about.version or version,
            requires_python=about.requires_python,
            tags=wheel_tags(self._text(f"{info}/WHEEL")),
            entry_points=entry_points(self._text(f"{info}/entry_points.txt")),
            listed=record(listed, self.limits.members) if listed else None,
            tops=self._tops(info, about.name or name) if not listed else (),
        )
        if not about.name:
            owner.issues.append(_issue(Issue.METADATA_ABSENT, f"{info}/METADATA", "has no name"))
        if not listed:
            detail = "there is no RECORD: its files were taken by name"
            owner.issues.append(_issue(Issue.RECORD_ABSENT, f"{info}/RECORD", detail))
        return owner

    def _egg_info(self, info: str, name: str) -> _Owner:
        about = metadata(self._text(f"{info}/{name}" if name else info))
        stem = info.removesuffix("/EGG-INFO").removesuffix(".egg-info").removesuffix(".egg")
        guess, version = _split(stem)
        listed = self._installed_files(info)
        return _Owner(
            info=info,
            name=about.name or guess,
            version=about.version or version,
            requires_python=about.requires_python,
            entry_points=entry_points(self._text(f"{info}/entry_points.txt")),
            listed=listed,
            tops=self._tops(info, about.name or guess) if listed is None else (),
        )

    def _installed_files(self, info: str) -> Record | None:
        """``installed-files.txt``, relative to the metadata folder, as rows without a hash."""
        data = self._text(f"{info}/installed-files.txt")
        if not data:
            return None
        lines = data.decode("utf-8", "surrogateescape").splitlines()[: self.limits.members]
        paths = (posixpath.normpath(f"{info}/{line}") for line in lines if line)
        return Record({path: Row(path) for path in paths})

    def _tops(self, info: str, name: str) -> tuple[str, ...]:
        """Top-level names: the egg folder itself, ``top_level.txt``, else the project's own name."""
        if info.endswith("/EGG-INFO"):
            return (info.removesuffix("/EGG-INFO"),)
        lines = self._text(f"{info}/top_level.txt").decode("utf-8", "surrogateescape").split()
        plain = canonicalize_name(name).replace("-", "_")
        return tuple(lines) or (plain, name)

    # whose file it is

    def _claim_info(self, owner: _Owner) -> None:
        for path in self.walk.files:
            if path == owner.info or path.startswith(owner.info + "/"):
                self.owned.setdefault(path, owner)

    def _claim_listed(self, owner: _Owner) -> None:
        if owner.listed is None:
            return
        damage = (_issue(Issue.RECORD_INVALID, f"{owner.info}/RECORD", d) for d in owner.listed.damage)
        owner.issues.extend(damage)
        for row in owner.listed.rows.values():
            if row.path in self.walk.files:
                self._claim_row(owner, row)
            elif row.path.startswith("../"):
                self._claim_outside(owner, row)
            elif row.path.startswith("/"):
                owner.issues.append(_issue(Issue.CLIMBING, row.path, "RECORD lists an absolute path"))
            elif row.path not in self.walk.unread and not row.path.endswith(".pyc"):
                owner.issues.append(
                    _issue(Issue.RECORD_MISSING, row.path, "RECORD lists it, it is not there")
                )

    def _claim_row(self, owner: _Owner, row: Row) -> None:
        """The file is theirs who list its present content; else theirs who list it first."""
        is_same = self._is_same(f"{self.tree.root}/{row.path}", row)
        other = self.owned.get(row.path)
        if other is None or other is owner:
            self.owned[row.path] = owner
            if is_same is False:
                owner.issues.append(
                    _issue(Issue.RECORD_HASH, row.path, "has changed since it was installed")
                )
            return
        if is_same is True and _drop(other, Issue.RECORD_HASH, row.path):
            self.owned[row.path] = owner
            other.issues.append(_issue(Issue.OVERWRITTEN, row.path, f"overwritten by {owner.name}"))
        elif is_same is False:
            owner.issues.append(_issue(Issue.OVERWRITTEN, row.path, f"overwritten by {other.name}"))

    def _is_same(self, path: str, row: Row) -> bool | None:
        """The file has the recorded hash; ``None`` when there is none or the file cannot be read."""
        if not row.algorithm:
            return None
        data = read_file(path, self.limits.member_bytes)
        if isinstance(data, NotAnalysed):
            return None
        return hashlib.new(row.algorithm, data, usedforsecurity=False).digest() == row.digest

    def _claim_outside(self, owner: _Owner, row: Row) -> None:
        """Scripts and data files, which RECORD lists by climbing from the site directory to the prefix."""
        path = posixpath.normpath(f"{self.tree.root}/{row.path}")
        prefix = self.tree.prefix
        if not prefix or not path.startswith(prefix + "/"):
            return
        key = path.removeprefix(prefix + "/")
        try:
            size = os.stat(path).st_size  # noqa: PTH116 - a name with a NUL must not raise in Path
        except (OSError, ValueError):
            if not path.endswith(".pyc"):
                detail = "RECORD lists it, it is not there"
                owner.issues.append(_issue(Issue.RECORD_MISSING, "{prefix}/" + key, detail))
            return
        owner.members.append(member(prefix, key, "{prefix}/" + key, size))
        if self._is_same(path, row) is False:
            detail = "has changed since it was installed"
            owner.issues.append(_issue(Issue.RECORD_HASH, "{prefix}/" + key, detail))

    def _claim_tops(self, owner: _Owner) -> None:
        """Without a list: what carries a top-level name, but never a startup file."""
        if not owner.tops:
            return
        tops = frozenset(owner.tops)
        is_egg = owner.info.endswith("/EGG-INFO")
        for path in self.walk.files:
            top = path.split("/", 1)[0]
            stem = top if top in tops else top.split(".", 1)[0]
            if stem in tops and path not in self.owned and (is_egg or not _STARTING.fullmatch(path)):
                self.owned[path] = owner

    def _claim_compiled(self) -> None:
        """A file in ``__pycache__`` belongs to whom its source belongs to."""
        for path in self.walk.files:
            if path in self.owned or not path.endswith(".pyc"):
                continue
            folder, _, name = path.rpartition("/")
            found = _COMPILED.fullmatch(name)
            if found is None or posixpath.basename(folder) != "__pycache__":
                continue
            source = posixpath.join(posixpath.dirname(folder), found["stem"] + ".py")
            if owner := self.owned.get(source):
                self.owned[path] = owner

    # what comes out

    def _member(self, path: str) -> Member:
        return member(self.tree.root, path, path, self.walk.files[path])

    def _distribution(self, owner: _Owner) -> Distribution:
        allowed = pythons(owner.requires_python, ())
        counted = tuple(version for version in self.tree.pythons if version in allowed)
        return Distribution(
            name=owner.name,
            version=owner.version,
            kind=PackageKind.INSTALLED,
            location=self.tree.location,
            sha256=None,
            members=tuple(sorted(owner.members, key=lambda m: m.path)),
            root=self.tree.root,
            requires_python=owner.requires_python,
            tags=owner.tags,
            entry_points=owner.entry_points,
            issues=tuple(owner.issues),
            pythons=counted or self.tree.pythons,
        )

    def _unowned(self) -> Iterator[Distribution]:
        paths = [path for path in self.walk.files if path not in self.owned]
        unread = tuple(self._unread())
        if not paths and not unread and not self.walk.issues:
            return
        yield Distribution(
            name=posixpath.basename(self.tree.root.rstrip("/")) or self.tree.root,
            version="",
            kind=PackageKind.UNOWNED,
            location=self.tree.location,
            sha256=None,
            members=(*(self._member(path) for path in sorted(paths)), *(m for m, _ in unread)),
            root=self.tree.root,
            issues=(*self.walk.issues, *self._unlisted(paths)),
            not_analysed=unread,
            pythons=self.tree.pythons,
        )

    def _unread(self) -> Iterator[tuple[Member, NotAnalysed]]:
        for path, why in sorted(self.walk.unread.items()):
            source = FileRef(self.tree.root, ContainerKind.FOLDER, path)
            yield Member(stored=path, place=path, uv_place=path, size=0, source=source), why

    def _unlisted(self, paths: Iterable[str]) -> Iterator[ArchiveIssue]:
        """Code in a folder that a distribution with a RECORD filled, but that its RECORD does not list."""
        tops: dict[str, str] = {}
        for path, owner in self.owned.items():
            if owner.listed is not None and "/" in path:
                tops.setdefault(path.split("/", 1)[0], owner.name)
        for path in sorted(paths):
            name = tops.get(path.split("/", 1)[0])
            if name is not None and "/" in path and path.endswith(CODE_SUFFIXES):
                detail = f"it lies in a folder of {name}, whose RECORD does not list it"
                yield _issue(Issue.RECORD_UNLISTED, path, detail)


def _split(stem: str) -> tuple[str, str]:
    """Name and version of ``name-1.0-py3.8``."""
    parts = stem.split("-")
    return parts[0], parts[1] if len(parts) > 1 else ""


def _drop(owner: _Owner, issue: Issue, path: str) -> bool:
    """Take back an issue; true when it had been raised."""
    before = len(owner.issues)
    owner.issues[:] = [i for i in owner.issues if (i.issue, i.path) != (issue, path)]
    return len(owner.issues) < before


def _issue(issue: Issue, path: str, detail: str) -> ArchiveIssue:
    return ArchiveIssue(issue=issue, path=path, detail=detail)
