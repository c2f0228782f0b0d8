"""Site directories: every file belongs to the distribution that lists it, or to the unowned package."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator

import msgspec

from wheelwatch.archive.folder import Walk, member, read_file, walk
from wheelwatch.archive.hashing import file_digest, in_parallel
from wheelwatch.archive.issue import Issue
from wheelwatch.archive.lists import Listed, listed
from wheelwatch.archive.metadata import pythons
from wheelwatch.archive.nested import read_from_zip
from wheelwatch.archive.owner import Owner, note, owners
from wheelwatch.archive.record import Row
from wheelwatch.errors import TargetError
from wheelwatch.limits import Limits
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    ArchiveIssue,
    ContainerKind,
    Distribution,
    FileRef,
    Member,
    NotAnalysed,
    PackageKind,
    Version,
)

CODE_SUFFIXES = (".py", ".pyc", ".pyw", ".so", ".pyd", ".pth", ".start", ".egg-link")
INFO_SUFFIXES = (".dist-info", ".egg-info", ".egg")
_COMPILED = re.compile(r"(?P<stem>.+?)\.[\w-]+(\.opt-\w+)?\.pyc")
_STARTING = re.compile(r"(?:.*\.(?:pth|start)|(?:site|user)customize.*)")


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """How a site directory is to be read.

    ``root`` is the directory, ``prefix`` the environment around it when there is one, ``location`` what
    reports show, ``pythons`` the versions that count, ``extras`` files of the prefix that startup cares
    about; those that no distribution lists belong to the unowned package. ``is_loose`` keeps out of folders
    that cannot be imported from, for a working copy that stands on the import path.
    """

    root: str
    location: str
    prefix: str = ""
    pythons: tuple[Version, ...] = SUPPORTED_PYTHONS
    extras: tuple[Member, ...] = ()
    is_loose: bool = False


def read_tree(tree: Tree, limits: Limits) -> tuple[Distribution, ...]:
    """Read a site directory, or a folder as if it were one: its distributions, the unowned package last.

    Raises:
        TargetError: the folder cannot be listed.
    """
    try:
        found = walk(tree.root, limits, descends=_is_importable if tree.is_loose else None)
    except OSError as error:
        hint = "give a folder that exists and that this user may read"
        raise TargetError(tree.root, error.strerror or str(error), hint) from None
    return _Site(tree, found, limits).distributions()


def _is_importable(folder: str) -> bool:
    name = posixpath.basename(folder)
    return name.isidentifier() or name.endswith(INFO_SUFFIXES)


class _Site:
    """One site directory while it is read."""

    def __init__(self, tree: Tree, found: Walk, limits: Limits) -> None:
        self.tree = tree
        self.walk = found
        self.limits = limits
        self.owners: list[Owner] = []
        self.owned: dict[str, Owner] = {}
        self.outside: set[str] = set()
        self.tops: dict[str, list[str]] = {}
        self.stems: dict[str, list[str]] = {}
        self.digests: dict[tuple[str, str], bytes | None] = {}
        for path in found.files:
            self.tops.setdefault(path.split("/", 1)[0], []).append(path)

    def distributions(self) -> tuple[Distribution, ...]:
        self.owners = list(owners(sorted(self.tops), self.walk.files, self._text, self.limits))
        for owner in self.owners:
            self._claim_info(owner)
        self._hash()
        for owner in self.owners:
            self._claim_listed(owner)
        self._claim_managed()
        for owner in self.owners:
            self._claim_tops(owner)
        self._claim_compiled()
        for path, owner in self.owned.items():
            owner.members.append(self._member(path))
        found = [self._distribution(owner) for owner in self.owners]
        return (*found, *self._unowned())

    def _text(self, path: str) -> bytes:
        if path in self.walk.files:
            data = read_file(f"{self.tree.root}/{path}", self.limits.metadata_bytes)
        else:
            top, _, inner = path.partition("/")
            is_egg = top.endswith(".egg") and top in self.walk.files
            data = read_from_zip(f"{self.tree.root}/{top}", inner, self.limits) if is_egg else b""
        return data if isinstance(data, bytes) else b""

    # whose file it is

    def _claim_info(self, owner: Owner) -> None:
        for path in self.tops[owner.info.split("/", 1)[0]]:
            if owner.is_egg or path == owner.info or path.startswith(owner.info + "/"):
                self.owned.setdefault(path, owner)

    def _claim_listed(self, owner: Owner) -> None:
        if owner.listed is None:
            return
        damage = (note(Issue.RECORD_INVALID, f"{owner.info}/RECORD", d) for d in owner.listed.damage)
        owner.issues.extend(damage)
        for row in owner.listed.rows.values():
            if row.path in self.walk.files:
                self._claim_row(owner, row)
            elif row.path.startswith("../"):
                self._claim_outside(owner, row)
            elif row.path.startswith("/"):
                owner.issues.append(note(Issue.CLIMBING, row.path, "RECORD lists it as an absolute path"))
            elif row.path not in self.walk.unread and not row.path.endswith(".pyc"):
                owner.issues.append(note(Issue.RECORD_MISSING, row.path, ""))

    def _claim_row(self, owner: Owner, row: Row) -> None:
        """The file is theirs who list its present content; else theirs who list it first."""
        is_same = self._is_same(f"{self.tree.root}/{row.path}", row)
        if not row.algorithm and owner.needs_hash(row.path):
            owner.issues.append(note(Issue.RECORD_INVALID, row.path, "it is listed without a hash"))
        other = self.owned.get(row.path)
        if other is None or other is owner:
            self.owned[row.path] = owner
            if is_same is False:
                owner.changed.add(row.path)
            return
        if is_same is True and row.path in other.changed:
            self.owned[row.path] = owner
            other.changed.discard(row.path)
            other.issues.append(note(Issue.OVERWRITTEN, row.path, f"by {owner.name}"))
        elif is_same is False:
            owner.issues.append(note(Issue.OVERWRITTEN, row.path, f"by {other.name}"))

    def _is_same(self, path: str, row: Row) -> bool | None:
        """The file has the recorded hash; ``None`` when there is none or the file cannot be read."""
        if not row.algorithm:
            return None
        key = (path, row.algorithm)
        if key not in self.digests:
            self.digests[key] = file_digest(path, row.algorithm, self.limits.member_bytes)
        found = self.digests[key]
        return None if found is None else found == row.digest

    def _hash(self) -> None:
        """Hash every listed file, all of them together."""
        rows = (row for owner in self.owners if owner.listed for row in owner.listed.rows.values())
        keys = list(
            dict.fromkeys(
                (f"{self.tree.root}/{row.path}", row.algorithm)
                for row in rows
                if row.algorithm and row.path in self.walk.files
            )
        )
        limit = self.limits.member_bytes
        self.digests = dict(zip(keys, in_parallel(lambda key: file_digest(*key, limit), keys), strict=True))

    def _claim_outside(self, owner: Owner, row: Row) -> None:
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
                owner.issues.append(note(Issue.RECORD_MISSING, "{prefix}/" + key, ""))
            return
        if key in self.outside:
            return
        self.outside.add(key)
        owner.members.append(member(prefix, key, "{prefix}/" + key, size))
        if self._is_same(path, row) is False:
            owner.changed.add("{prefix}/" + key)

    def _claim_managed(self) -> None:
        """What Debian or conda lists beside a metadata folder is that distribution's, too."""
        packages = listed(self.tree.root, self.tree.prefix, self.limits)
        managed = frozenset().union(*(package.paths for package in packages))
        for bare in self.owners:
            about = f"{bare.info}/METADATA"
            if bare.listed is None and about in self.walk.files and about not in managed:
                detail = "files were taken for its own by their names"
                bare.issues.append(note(Issue.RECORD_ABSENT, f"{bare.info}/RECORD", detail))
        for package in packages:
            self._excuse(package)
            free = [path for path in package.paths if path in self.walk.files and path not in self.owned]
            if not free:
                continue
            mates = (self.owned.get(path) for path in sorted(package.paths))
            owner = next((mate for mate in mates if mate is not None), None)
            if owner is None:
                owner = Owner(info=package.manager, name=package.name, version=package.version)
                self.owners.append(owner)
            self.owned.update(dict.fromkeys(free, owner))

    def _excuse(self, package: Listed) -> None:
        """Debian strips and moves files after RECORD was written: its own sums count for what it ships."""
        mates = (self.owned.get(path) for path in package.sums)
        for owner in {mate.info: mate for mate in mates if mate is not None}.values():
            owner.changed -= {
                path for path in owner.changed & package.sums.keys() if self._sums(path, package)
            }
            if any(path.startswith(owner.info + "/") for path in package.sums):
                owner.issues[:] = [row for row in owner.issues if row.issue != Issue.RECORD_MISSING]

    def _sums(self, path: str, package: Listed) -> bool:
        found = file_digest(f"{self.tree.root}/{path}", "md5", self.limits.member_bytes)
        return found is not None and found.hex() == package.sums[path]

    def _claim_tops(self, owner: Owner) -> None:
        """Without a list: what carries a top-level name, but never a startup file."""
        for name in owner.tops:
            for top in self._named(name):
                for path in self.tops[top]:
                    if path not in self.owned and (owner.is_egg or not _STARTING.fullmatch(path)):
                        self.owned[path] = owner

    def _named(self, name: str) -> list[str]:
        """The top-level entries of a name: a folder, a module, a native module with its tags."""
        if not self.stems:
            for top in self.tops:
                self.stems.setdefault(top.split(".", 1)[0], []).append(top)
        found = [top for top in self.stems.get(name, ()) if not top.endswith(INFO_SUFFIXES)]
        return [name, *found] if name in self.tops and name not in found else found

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
        found = self.digests.get((f"{self.tree.root}/{path}", "sha256"))
        sha256 = found.hex() if found is not None else ""
        return member(self.tree.root, path, path, self.walk.files[path], sha256)

    def _distribution(self, owner: Owner) -> Distribution:
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
            issues=tuple(sorted((*owner.issues, *_changes(owner)), key=lambda row: (row.path, row.issue))),
            pythons=counted or self.tree.pythons,
        )

    def _unowned(self) -> Iterator[Distribution]:
        paths = [path for path in self.walk.files if path not in self.owned]
        extras = [extra for extra in self.tree.extras if extra.stored not in self.outside]
        unread = tuple(self._unread())
        if not (paths or extras or unread or self.walk.issues):
            return
        yield Distribution(
            name=posixpath.basename(self.tree.root.rstrip("/")) or self.tree.root,
            version="",
            kind=PackageKind.UNOWNED,
            location=self.tree.location,
            sha256=None,
            members=(*(self._member(path) for path in sorted(paths)), *extras, *(m for m, _ in unread)),
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
                detail = f"it lies in a folder of {name}"
                yield note(Issue.RECORD_UNLISTED, path, detail)


def _changes(owner: Owner) -> Iterator[ArchiveIssue]:
    for path in sorted(owner.changed):
        yield note(Issue.RECORD_HASH, path, "")
