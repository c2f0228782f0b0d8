"""What an installer would take besides what was resolved: newer sources, other indexes, withdrawn files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.utils import parse_wheel_filename
from packaging.version import Version

from wheelwatch.archive import Issue
from wheelwatch.model import ArchiveIssue, Failure
from wheelwatch.sources.address import local_path
from wheelwatch.sources.index.courier import STRONG, Page
from wheelwatch.sources.index.listing import Listed
from wheelwatch.sources.index.machine import Machine
from wheelwatch.sources.index.settings import Installer, Settings

UNPROVEN = ArchiveIssue(issue=Issue.NO_HASH, path="", detail="a lock of this run has its hash")


class Candidate(msgspec.Struct, frozen=True):
    """What an index would give for a name."""

    index: str
    file: Listed

    @property
    def words(self) -> str:
        """``1.0 (demo-1.0-py3-none-any.whl) from INDEX``."""
        return f"{self.file.version} ({self.file.filename}) from {self.index}"


class Chooser:
    """Chooses among listed files as an installer does that may build."""

    def __init__(self, settings: Settings, machine: Machine) -> None:
        self._settings = settings
        self._full_version = machine.full_version
        self._ranks: Mapping[Tag, int] = {tag: rank for rank, tag in enumerate(machine.tags())}

    def best(self, files: Iterable[Listed], specifier: SpecifierSet) -> Listed | None:
        """The file that would be installed: the newest version, a wheel before its source."""
        fitting = [file for file in files if self.fits(file, specifier)]
        if not self._settings.pre and any(not Version(file.version).is_prerelease for file in fitting):
            named = bool(specifier.prereleases)
            fitting = [file for file in fitting if named or not Version(file.version).is_prerelease]
        return max(fitting, key=lambda file: (Version(file.version), -self._rank(file)), default=None)

    def fits(self, file: Listed, specifier: SpecifierSet) -> bool:
        """It may be installed here, in a version that everybody allows."""
        if file.yanked is not None or not specifier.contains(file.version, prereleases=True):
            return False
        if not _allows(file.requires_python, self._full_version):
            return False
        if not file.is_wheel:
            return not (_is_named(file.name, self._settings.only_binary))
        return self._rank(file) < len(self._ranks) and not _is_named(file.name, self._settings.no_binary)

    def newer_source(self, pages: Sequence[Page], version: str, specifier: SpecifierSet) -> Listed | None:
        """A newer version without a wheel for this machine, which an installer would build."""
        if self._settings.prefer_binary:
            return None
        files = [file for page in pages for file in page.files]
        wheels = {Version(file.version) for file in files if file.is_wheel and self.fits(file, specifier)}
        newer = [
            file
            for file in files
            if not file.is_wheel
            and Version(file.version) > Version(version)
            and Version(file.version) not in wheels
        ]
        if not Version(version).is_prerelease and not specifier.prereleases and not self._settings.pre:
            newer = [file for file in newer if not Version(file.version).is_prerelease]
        return self.best(newer, specifier)

    def rivals(self, pages: Sequence[Page], specifier: SpecifierSet) -> str:
        """What two indexes have for one name, when it is not the same file; else nothing.

        The pages are in the order in which the indexes count.
        """
        found = [
            Candidate(page.index.shown, best)
            for page in pages
            if (best := self.best(page.files, specifier)) is not None
        ]
        if len(found) < 2 or _is_one_project(found, pages):
            return ""
        pip = max(found, key=lambda one: (Version(one.file.version), -self._rank(one.file)))
        uv = self._first(found, pages)
        has = "; ".join(one.words for one in found)
        return f"{has}: pip takes {pip.words}, uv takes {uv.words}"

    def _first(self, found: Sequence[Candidate], pages: Sequence[Page]) -> Candidate:
        """Uv takes the first index that has the name, and the default one comes last."""
        default = {page.index.shown for page in pages if page.index.is_default}
        if self._settings.installer is Installer.UV and self._settings.strategy == "unsafe-best-match":
            return max(found, key=lambda one: (Version(one.file.version), -self._rank(one.file)))
        return min(found, key=lambda one: one.index in default)

    def _rank(self, file: Listed) -> int:
        if not file.is_wheel:
            return len(self._ranks)
        tags = parse_wheel_filename(file.filename)[-1]
        return min((self._ranks[tag] for tag in tags if tag in self._ranks), default=len(self._ranks))


def passed_over(newer: Listed, version: str) -> Failure:
    """A newer source, in whose place a wheel was judged."""
    what = (
        f"{newer.name} {newer.version} exists only as source ({newer.filename}), and an installer would"
        f" build it; {version} was judged in its place"
    )
    hint = f"--sdist judges the source, or pin {newer.name}=={version}"
    return Failure(where=newer.name, what=what, hint=hint)


def issues_of(rivals: str, pages: Sequence[Page], filename: str) -> Sequence[ArchiveIssue]:
    """What indexes say of a file that a user should know."""
    found = [UNPROVEN] if is_unproven(pages, filename) else []
    reason = yanked(pages, filename)
    if rivals:
        found.append(ArchiveIssue(issue=Issue.TWO_INDEXES, path="", detail=rivals))
    if reason is not None:
        found.append(ArchiveIssue(issue=Issue.YANKED, path="", detail=reason or "no reason was given"))
    return found


def is_unproven(pages: Iterable[Page], filename: str) -> bool:
    """Whoever lists the file names no hash that proves what it is; uv then takes that of what came."""
    rows = [file for page in pages for file in page.files if file.filename == filename]
    return bool(rows) and not any(
        local_path(row.url) or any(one.partition(":")[0] in STRONG for one in row.hashes) for row in rows
    )


def yanked(pages: Iterable[Page], filename: str) -> str | None:
    """The reason why a file was withdrawn; ``None`` when it was not."""
    for page in pages:
        for file in page.files:
            if file.filename == filename and file.yanked is not None:
                return file.yanked
    return None


def specifier_of(texts: Iterable[str]) -> SpecifierSet:
    """All of these at once; what cannot be read allows everything."""
    found = SpecifierSet()
    for text in texts:
        try:
            found &= SpecifierSet(text)
        except InvalidSpecifier:
            continue
    return found


def _is_one_project(found: Sequence[Candidate], pages: Sequence[Page]) -> bool:
    """One index holds all the candidates: the others are copies of it, which may lag behind."""
    return any(all(any(_is_same(one.file, file) for file in page.files) for one in found) for page in pages)


def _is_same(one: Listed, other: Listed) -> bool:
    if one.filename != other.filename:
        return False
    mine, theirs = _strong(one), _strong(other)
    return not mine or not theirs or mine == theirs


def _strong(file: Listed) -> tuple[str, ...]:
    return tuple(one for one in file.hashes if one.startswith("sha256:"))


def _is_named(name: str, names: Sequence[str]) -> bool:
    return ":all:" in names or name in names


def _allows(requires: str, version: str) -> bool:
    if not requires:
        return True
    try:
        return SpecifierSet(requires).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True
