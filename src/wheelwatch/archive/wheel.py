"""Wheels: a zip read in memory, each member with the place where pip and uv install it."""

from __future__ import annotations

import hashlib
import posixpath
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from packaging.utils import canonicalize_name, canonicalize_version

from wheelwatch.archive.directory import BadZipError, Bytes, Directory, Entry, directory
from wheelwatch.archive.hashing import in_parallel
from wheelwatch.archive.inflate import content, digests
from wheelwatch.archive.issue import Issue
from wheelwatch.archive.metadata import (
    Filename,
    Metadata,
    entry_points,
    metadata,
    pythons,
    wheel_filename,
    wheel_tags,
)
from wheelwatch.archive.opening import opened
from wheelwatch.archive.place import pip_place, uv_place
from wheelwatch.archive.placing import Name, Placed, is_wrapped, names, settled
from wheelwatch.archive.record import Record, compare, record
from wheelwatch.archive.structure import structure
from wheelwatch.errors import TargetError
from wheelwatch.limits import MIB, Limits
from wheelwatch.model import (
    ArchiveIssue,
    ContainerKind,
    Distribution,
    EntryPoint,
    FileRef,
    Member,
    NotAnalysed,
    PackageKind,
    Reason,
)

BOMB_RATIO = 200
"""Deflate reaches 1032:1 on zeros; honest large members stay far below this."""


def read_wheel(path: Path, limits: Limits) -> Distribution:
    """Read a wheel without unpacking it.

    Raises:
        TargetError: it is missing, unreadable, too large or no zip.
    """
    where = str(path)
    try:
        with _opened(path, limits) as file:
            return _Wheel(path, file, limits).distribution()
    except OSError as error:
        raise TargetError(where, error.strerror or str(error), hint(error)) from None
    except BadZipError as error:
        raise TargetError(
            where, f"cannot be read as a zip: {error}", "download or build it again"
        ) from None


def wheel_digest(path: Path, limits: Limits) -> str:
    """SHA-256 of a wheel as a file, in hexadecimal.

    Raises:
        TargetError: it is missing, unreadable or too large.
    """
    try:
        with _opened(path, limits) as file:
            return sha256(file)
    except OSError as error:
        raise TargetError(str(path), error.strerror or str(error), hint(error)) from None


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[Bytes]:
    with opened(str(path)) as file:
        if file.size > limits.archive_bytes:
            raise TargetError(str(path), f"has {file.size} bytes, more than the limit")
        yield file


def hint(error: OSError) -> str:
    """What to do about a target that the system does not open."""
    if isinstance(error, FileNotFoundError):
        return "check the spelling of the path"
    if isinstance(error, PermissionError):
        return "make it readable for this user"
    return "give a wheel, an sdist or a folder"


class _Wheel:
    """One wheel while it is open."""

    def __init__(self, path: Path, file: Bytes, limits: Limits) -> None:
        self.path = path
        self.file = file
        self.limits = limits
        self.directory: Directory = directory(file, limits)
        self.filename: Filename = wheel_filename(path.name)
        self.issues: list[ArchiveIssue] = []
        self.damaged: dict[int, NotAnalysed] = {}
        self.sums: dict[int, str] = {}
        """SHA-256 by entry, in hexadecimal."""

    def distribution(self) -> Distribution:
        self.issues += structure(self.file, self.directory)
        info = self._info()
        about = metadata(self._text(info, "METADATA"))
        entries = entry_points(self._text(info, "entry_points.txt"))
        self._who(info, about)
        placed = self._placed(info, entries)
        self._record(info, placed)
        tags = self.filename.tags or wheel_tags(self._text(info, "WHEEL"))
        members = tuple(self._member(row) for row in placed)
        return Distribution(
            name=about.name or self.filename.name,
            version=about.version or self.filename.version,
            kind=PackageKind.WHEEL,
            location=str(self.path),
            sha256=sha256(self.file),
            members=members,
            requires_python=about.requires_python,
            tags=tags,
            entry_points=entries,
            issues=tuple(self.issues),
            not_analysed=tuple(self._unreadable(placed, members)),
            pythons=pythons(about.requires_python, tags),
            requires=about.requires,
        )

    def _note(self, issue: Issue, path: str, detail: str = "") -> None:
        self.issues.append(ArchiveIssue(issue=issue, path=path, detail=detail))

    # who it says it is

    def _info(self) -> str:
        """The metadata folder: the one of the file name, else the first."""
        tops = {name.text.split("/", 1)[0] for entry in self.directory.entries for name in names(entry)}
        found = sorted(top for top in tops if top.endswith(".dist-info"))
        if not found:
            self._note(Issue.METADATA_ABSENT, "")
            return ""
        if len(found) > 1:
            self._note(Issue.METADATA_SEVERAL, "", ", ".join(found))
        wanted = canonicalize_name(self.filename.name)
        return next((i for i in found if canonicalize_name(i).startswith(wanted)), found[0])

    def _text(self, info: str, name: str) -> bytes:
        """A metadata file; empty when there is none or none that can be read."""
        entry = self._find(f"{info}/{name}") if info else None
        if entry is None:
            return b""
        data = content(self.file, entry, self.limits.metadata_bytes)
        return data if isinstance(data, bytes) else b""

    def _find(self, name: str) -> Entry | None:
        """The last entry of a name: the one that ``zipfile`` hands out."""
        if not hasattr(self, "_index"):
            self._index = {n.text: entry for entry in self.directory.entries for n in names(entry)}
        return self._index.get(name)

    def _who(self, info: str, about: Metadata) -> None:
        named = self.filename
        if not named.is_valid:
            self._note(Issue.BAD_FILENAME, "", f"{self.path.name} is no valid name of a wheel")
            return
        if info and not about.name:
            self._note(Issue.METADATA_ABSENT, f"{info}/METADATA")
            return
        same = canonicalize_name(about.name) == canonicalize_name(named.name)
        if about.name and not (same and version_key(about.version) == version_key(named.version)):
            says = f"METADATA says {about.name} {about.version}"
            self._note(Issue.NAME_MISMATCH, f"{info}/METADATA", f"the file is {self.path.name}, {says}")

    # where members go

    def _placed(self, info: str, entries: Iterable[EntryPoint]) -> list[Placed]:
        own_data = info.removesuffix(".dist-info") + ".data"
        wrappers = {e.name for e in entries if e.group in ("console_scripts", "gui_scripts")}
        rows = [row for entry in self.directory.entries for row in self._places(entry, own_data, wrappers)]
        kept = settled(rows)
        folders = {posixpath.dirname(row.place) for row in rows if row.place}
        for row, left in zip(rows, kept, strict=True):
            path = row.place or row.name
            for issue in row.issues:
                self._note(issue, path, "" if path == row.entry.text else f"stored as {row.entry.text!r}")
            if row.place != left.place:
                self._note(Issue.DUPLICATE, path)
            elif row.place in folders:
                self._note(
                    Issue.DUPLICATE, path, "a file and a folder have this name; installers stop here"
                )
        return kept

    def _places(self, entry: Entry, own_data: str, wrappers: set[str]) -> Iterator[Placed]:
        for name in names(entry):
            if name.text.endswith("/"):
                continue
            pip = pip_place(name.text, self.filename.name)
            uv = uv_place(name.text, own_data, self.filename.name).place
            if "\0" in entry.text:
                uv = None
            place = pip.place
            if is_wrapped(place, pip.order, wrappers):
                place = uv = None
            issues = tuple(self._odd(entry, name, pip.issue, own_data))
            if place != uv and not issues and name.issue is None:
                issues = (Issue.INSTALLER_DIFFERENCE,)
            is_moved = posixpath.normpath(name.text).startswith(own_data + "/")
            yield Placed(entry, name.text, place, uv, pip.order, issues, is_moved)

    def _odd(self, entry: Entry, name: Name, issue: Issue | None, own_data: str) -> Iterator[Issue]:
        if name.issue is not None:
            yield name.issue
        if issue is not None:
            yield issue
        if any(unicodedata.category(c)[0] == "C" for c in name.text) or "\\" in name.text:
            yield Issue.BAD_NAME
        top = name.text.split("/", 1)[0]
        if top.endswith(".data") and top != own_data:
            yield Issue.FOREIGN_DATA
        if entry.is_symlink:
            yield Issue.SYMLINK
        if entry.is_encrypted:
            yield Issue.ENCRYPTED
        if entry.size > self.limits.member_bytes and entry.size > BOMB_RATIO * entry.packed:
            yield Issue.BOMB

    def _member(self, row: Placed) -> Member:
        source = FileRef(str(self.path), ContainerKind.ZIP, str(row.entry.index))
        return Member(
            stored=row.name,
            place=row.place,
            uv_place=row.uv,
            size=row.entry.size,
            source=source,
            sha256=self.sums.get(row.entry.index, ""),
        )

    def _unreadable(
        self, placed: Iterable[Placed], members: Iterable[Member]
    ) -> Iterator[tuple[Member, NotAnalysed]]:
        for row, member in zip(placed, members, strict=True):
            if row.entry.is_encrypted:
                yield member, NotAnalysed(reason=Reason.ENCRYPTED, detail="it is encrypted")
            elif row.entry.size > self.limits.member_bytes:
                detail = f"declares {row.entry.size} bytes"
                yield member, NotAnalysed(reason=Reason.TOO_LARGE, detail=detail)
            elif (why := self.damaged.get(row.entry.index)) is not None:
                yield member, why

    # RECORD

    def _record(self, info: str, placed: Iterable[Placed]) -> None:
        if not info or self._find(f"{info}/RECORD") is None:
            self._note(Issue.RECORD_ABSENT, f"{info}/RECORD" if info else "")
            return
        listed = record(self._text(info, "RECORD"), self.limits.members)
        rows = {posixpath.normpath(row.name): row for row in placed}
        for issue in compare(listed, rows, info, self._digests(listed, rows)):
            row = rows.get(issue.path)
            path = (row.place or row.name) if row else issue.path
            self.issues.append(ArchiveIssue(issue=issue.issue, path=path, detail=issue.detail))

    def _digests(self, listed: Record, rows: Mapping[str, Placed]) -> dict[str, bytes]:
        """The hashes of all listed members; those that cannot be inflated are remembered."""
        budget = self.limits.unpacked_bytes
        jobs: list[tuple[str, str]] = []
        for path in rows.keys() & listed.rows.keys():
            size = rows[path].entry.size
            if listed.rows[path].algorithm and size <= min(budget, self.limits.member_bytes):
                budget -= size
                jobs.append((path, listed.rows[path].algorithm))
        jobs.sort(key=lambda job: rows[job[0]].entry.offset)
        answers = in_parallel(lambda job: digests(self.file, rows[job[0]].entry, job[1]), jobs)
        found: dict[str, bytes] = {}
        for (path, algorithm), answer in zip(jobs, answers, strict=True):
            if isinstance(answer, bytes):
                found[path] = answer
                if algorithm == "sha256":
                    self.sums[rows[path].entry.index] = answer.hex()
            else:
                self.damaged[rows[path].entry.index] = answer
        return found


def version_key(text: str) -> str:
    """A version in its normal form, for comparison."""
    try:
        return canonicalize_version(text, strip_trailing_zero=True)
    except ValueError:  # a number with more digits than Python converts
        return text


def sha256(file: Bytes) -> str:
    """Hash of a whole container."""
    hashing = hashlib.sha256()
    offset = 0
    while data := file.at(offset, MIB):
        hashing.update(data)
        offset += len(data)
    return hashing.hexdigest()
