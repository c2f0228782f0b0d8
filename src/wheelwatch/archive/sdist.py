"""Source distributions: tars and zips read in memory, each member with the place of a later install."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.archive.building import building
from wheelwatch.archive.directory import BadZipError, Bytes, directory
from wheelwatch.archive.inflate import content
from wheelwatch.archive.issue import Issue
from wheelwatch.archive.metadata import entry_points, metadata, pythons, sdist_filename
from wheelwatch.archive.opening import opened
from wheelwatch.archive.placing import names
from wheelwatch.archive.project import layout
from wheelwatch.archive.stream import Gzip, InflatedTooFarError
from wheelwatch.archive.structure import structure
from wheelwatch.archive.tar import BadTarError, Header, headers
from wheelwatch.archive.wheel import hint, sha256, version_key
from wheelwatch.errors import TargetError
from wheelwatch.limits import Limits
from wheelwatch.model import (
    ArchiveIssue,
    ContainerKind,
    Distribution,
    FileRef,
    Member,
    NotAnalysed,
    PackageKind,
    Reason,
)

READ_ALONG = ("PKG-INFO", "pyproject.toml", "hatch.toml", "setup.cfg", "entry_points.txt", "top_level.txt")
"""Files that are kept while a tar goes by, as it cannot be read backwards."""

MAX_LINKS = 40
"""Links that are followed one after the other, as many as Linux does."""

LINKS = {"hard link": Issue.HARD_LINK, "symbolic link": Issue.SYMLINK}


class _File(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    size: int
    source: FileRef
    trouble: NotAnalysed | None = None
    target: str = ""
    """What a link leads to, as a name of the archive."""


def read_sdist(path: Path, limits: Limits) -> Distribution:
    """Read an sdist without unpacking it.

    Raises:
        TargetError: it is missing, unreadable, too large, cut off, or no tar or zip.
    """
    where = str(path)
    try:
        with opened(where) as file:
            if file.size > limits.archive_bytes:
                raise TargetError(where, f"has {file.size} bytes, more than the limit")
            reading = _Zip(path, file, limits) if path.suffix == ".zip" else _Tar(path, file, limits)
            return reading.distribution()
    except (zlib.error, EOFError, BadTarError, BadZipError) as error:
        again = "download or build it again"
        raise TargetError(where, f"cannot be read as an sdist: {error}", again) from None
    except OSError as error:
        raise TargetError(where, error.strerror or str(error), hint(error)) from None


class _Sdist:
    """What tars and zips have in common."""

    def __init__(self, path: Path, file: Bytes, limits: Limits) -> None:
        self.path = path
        self.file = file
        self.limits = limits
        self.issues: list[ArchiveIssue] = []
        self.texts: dict[str, bytes] = {}

    def files(self) -> Iterator[_File]:
        """The members; fills ``texts`` and ``issues`` on the way."""
        raise NotImplementedError

    def note(self, issue: Issue, path: str, detail: str = "") -> None:
        """Remember an issue."""
        self.issues.append(ArchiveIssue(issue=issue, path=path, detail=detail))

    def is_climbing(self, name: str) -> bool:
        """Whether unpacking the name would leave the folder; noted when it does."""
        normal = posixpath.normpath(name)
        climbs = normal in (".", "..") or normal.startswith(("../", "/"))
        if climbs:
            self.note(Issue.CLIMBING, name)
        return climbs

    def distribution(self) -> Distribution:
        """Read it all."""
        files = _followed(list(self.files()))
        top = _top(files)
        about = metadata(self._text(top, "PKG-INFO"))
        named = sdist_filename(self.path.name)
        self._who(about.name, about.version, named.name, named.version, is_valid=named.is_valid)
        names = [file.name.removeprefix(top) for file in files]
        arranged = layout(names, lambda name: self._text(top, name))
        members = [
            self._member(file, arranged.place(name)) for file, name in zip(files, names, strict=True)
        ]
        built = building(dict(zip(names, members, strict=True)), lambda name: self._text(top, name))
        return Distribution(
            name=about.name or named.name,
            version=about.version or named.version,
            kind=PackageKind.SDIST,
            location=str(self.path),
            sha256=sha256(self.file),
            members=tuple(members),
            requires_python=about.requires_python,
            entry_points=entry_points(self._entry_points()),
            issues=tuple(self.issues),
            not_analysed=tuple((m, f.trouble) for m, f in zip(members, files, strict=True) if f.trouble),
            pythons=pythons(about.requires_python, ()),
            requires=about.requires if about.is_static else None,
            build=built.roots,
            build_folders=built.folders,
        )

    def _text(self, top: str, name: str) -> bytes:
        return self.texts.get(top + name, b"")

    def _entry_points(self) -> bytes:
        found = [name for name in self.texts if name.endswith(".egg-info/entry_points.txt")]
        return self.texts[min(found, key=len)] if found else b""

    def _who(self, name: str, version: str, stem: str, number: str, *, is_valid: bool) -> None:
        if not is_valid:
            self.note(Issue.BAD_FILENAME, "", f"{self.path.name} is no valid name of an sdist")
        elif not name:
            self.note(Issue.METADATA_ABSENT, "")
        elif canonicalize_name(name) != canonicalize_name(stem) or version_key(version) != version_key(
            number
        ):
            says = f"PKG-INFO says {name} {version}"
            self.note(Issue.NAME_MISMATCH, "PKG-INFO", f"the file is {self.path.name}, {says}")

    def _member(self, file: _File, place: str | None) -> Member:
        return Member(stored=file.name, place=place, uv_place=place, size=file.size, source=file.source)


class _Tar(_Sdist):
    """A ``.tar.gz``, read once from front to back."""

    def files(self) -> Iterator[_File]:
        stream = Gzip(self.file, self.limits.unpacked_bytes)
        count = 0
        try:
            for header in headers(stream):
                if header.kind == "folder" or self.is_climbing(header.name):
                    continue
                count += 1
                if count > self.limits.members:
                    self.note(Issue.TOO_MANY, "", f"more than {self.limits.members} members")
                    return
                yield self._file(stream, header)
        except InflatedTooFarError as error:
            self.note(Issue.BOMB, "", str(error))

    def _file(self, stream: Gzip, header: Header) -> _File:
        name = posixpath.normpath(header.name)
        source = FileRef(str(self.path), ContainerKind.TAR, f"{header.offset}:{header.size}")
        if header.kind:
            self.note(LINKS.get(header.kind, Issue.SPECIAL), name, _kind(header))
            refused = NotAnalysed(reason=Reason.NOT_REGULAR, detail=_kind(header))
            target = _target(header, name)
            return _File(name=name, size=header.size, source=source, trouble=refused, target=target)
        if posixpath.basename(name) in READ_ALONG and header.size <= self.limits.metadata_bytes:
            self.texts[name] = stream.read(header.size)
        trouble = _too_large(header.size, self.limits)
        return _File(name=name, size=header.size, source=source, trouble=trouble)


class _Zip(_Sdist):
    """A ``.zip``."""

    def files(self) -> Iterator[_File]:
        found = directory(self.file, self.limits)
        self.issues += structure(self.file, found)
        for entry in found.entries:
            for name in names(entry):
                if name.issue is not None:
                    self.note(name.issue, name.text)
                if name.text.endswith("/") or not name.text or self.is_climbing(name.text):
                    continue
                path = posixpath.normpath(name.text)
                source = FileRef(str(self.path), ContainerKind.ZIP, str(entry.index))
                trouble = _too_large(entry.size, self.limits)
                if entry.is_symlink:
                    self.note(Issue.SYMLINK, path)
                if entry.is_encrypted:
                    self.note(Issue.ENCRYPTED, path)
                    trouble = NotAnalysed(reason=Reason.ENCRYPTED, detail="it is encrypted")
                if posixpath.basename(path) in READ_ALONG:
                    data = content(self.file, entry, self.limits.metadata_bytes)
                    self.texts[path] = data if isinstance(data, bytes) else b""
                yield _File(name=path, size=entry.size, source=source, trouble=trouble)


def _kind(header: Header) -> str:
    return f"{header.kind} to {header.link}" if header.kind in LINKS else header.kind


def _target(header: Header, name: str) -> str:
    """A symbolic link starts from its own folder, a hard link from the top of the archive."""
    if header.kind not in LINKS or not header.link:
        return ""
    start = posixpath.dirname(name) if header.kind == "symbolic link" else ""
    return posixpath.normpath(posixpath.join(start, header.link))


def _followed(files: list[_File]) -> list[_File]:
    """Give links the content of the member to which they lead: a build sees that."""
    last = {file.name: file for file in files}
    return [_end_of(file, last) if file.target else file for file in files]


def _end_of(link: _File, last: dict[str, _File]) -> _File:
    file: _File | None = link
    for _ in range(MAX_LINKS):
        file = last.get(file.target) if file is not None else None
        if file is None or not file.target:
            break
    if file is None or file.target:
        return link
    return msgspec.structs.replace(link, size=file.size, source=file.source, trouble=file.trouble)


def _too_large(size: int, limits: Limits) -> NotAnalysed | None:
    if size <= limits.member_bytes:
        return None
    return NotAnalysed(reason=Reason.TOO_LARGE, detail=f"declares {size} bytes")


def _top(files: list[_File]) -> str:
    """The one folder in which everything lies, with its slash; empty when there is none."""
    tops = {file.name.split("/", 1)[0] for file in files}
    return tops.pop() + "/" if len(tops) == 1 and any("/" in file.name for file in files) else ""
