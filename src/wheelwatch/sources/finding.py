"""From the targets of a command line to sets of distributions, with the failures on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from wheelwatch.archive import read_project, read_sdist, read_wheel
from wheelwatch.errors import TargetError
from wheelwatch.limits import Limits
from wheelwatch.model import Distribution, Failure, PackageKind, TargetSet
from wheelwatch.sources.default import default_target
from wheelwatch.sources.environment import environment_sets, interpreter_prefix, site_set
from wheelwatch.sources.expansion import expand
from wheelwatch.sources.kind import ARCHIVES, FolderKind, kind_besides, kind_of

SDISTS = (".tar.gz", ".tgz", ".zip")
SDIST = re.compile(r"[\w.]+-\d[\w.+!]*\.(?:tar\.gz|tgz)")
INTERPRETER = re.compile(r"(?:python|pypy)[\d.]*t?(?:\.exe)?")
SCANNED = (".py", ".pyw", ".pyc", ".so", ".pyd", ".pth", ".start", ".egg")
OWN_NOTE = (
    "this environment runs wheelwatch: its startup code has run before wheelwatch could look; to look from"
    " outside: `uvx wheelwatch scan PATH` or `pipx run wheelwatch scan PATH`"
)


WheelReader: TypeAlias = Callable[[Path, Limits], Distribution]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: sets to judge, what could not be read, and what to tell the user."""

    sets: tuple[TargetSet, ...]
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()


def find(
    targets: Sequence[str], *, as_: str | None, limits: Limits, wheel: WheelReader = read_wheel
) -> Found:
    """Read every target. Each folder or environment is a set of its own, all archives are one set.

    Nothing is raised for a target that cannot be read: it is a ``Failure`` and the others go on.
    ``as_`` is a value of ``FolderKind`` that every folder is taken for; without targets the default
    environment is taken. ``wheel`` reads a wheel, as `archive.read_wheel` does.
    """
    search = _Search(FolderKind(as_) if as_ else None, limits, wheel)
    for target in targets:
        search.add(target)
    if not targets:
        search.add_default()
    return search.found()


def joined(together: TargetSet, limits: Limits) -> TargetSet:
    """A set of archives as if installed side by side, with what their path lines add."""
    return expand(together, limits, is_on_disk=False)


class _Search:
    """The targets of one run, gathered."""

    def __init__(self, as_: FolderKind | None, limits: Limits, wheel: WheelReader) -> None:
        self.as_ = as_
        self.wheel = wheel
        self.limits = limits
        self.archives: list[Distribution] = []
        self.sets: list[TargetSet] = []
        self.failures: list[Failure] = []
        self.notes: list[str] = []

    def found(self) -> Found:
        """Everything, the set of all archives first."""
        sets = self.sets
        if self.archives:
            label = self.archives[0].location if len(self.archives) == 1 else "archives"
            together = TargetSet(label=label, distributions=tuple(self.archives))
            sets = [joined(together, self.limits), *sets]
        self.notes += [f"{row.label}: {OWN_NOTE}" for row in sets if row.is_own]
        return Found(sets=tuple(sets), failures=tuple(self.failures), notes=tuple(self.notes))

    def add_default(self) -> None:
        """Take the default environment and say which."""
        choice = default_target()
        if choice is None:
            hint = "name a wheel, an sdist, a folder or an environment"
            self.failures.append(Failure(where="", what="no environment was found", hint=hint))
            return
        self.notes.append(f"no target given: scanning {choice.prefix} ({choice.why})")
        self._guarded(choice.prefix, FolderKind.ENVIRONMENT)

    def add(self, target: str) -> None:
        """Read one target."""
        self._guarded(target, self.as_)

    def _guarded(self, target: str, as_: FolderKind | None) -> None:
        try:
            if os.path.isdir(target):  # noqa: PTH112 - a NUL in the name must not raise
                self._folder(target, as_)
            else:
                self._file(target)
        except TargetError as error:
            self.failures.append(Failure(where=error.where, what=error.what, hint=error.hint))
        except OSError as error:
            # pathlib answers no for what is missing, and raises for what it may not look at.
            hint = "give a wheel, an sdist or a folder that this user may read"
            self.failures.append(Failure(where=target, what=error.strerror or str(error), hint=hint))

    # files

    def _file(self, target: str) -> None:
        if not target or "://" in target:
            hint = "name a wheel, an sdist, a folder or an environment on this disk"
            raise TargetError(target or "target", "is an address" if target else "is empty", hint)
        path = Path(target)
        if path.name.endswith(SDISTS):
            self.archives.append(read_sdist(path, self.limits))
        elif INTERPRETER.fullmatch(path.name) and path.is_file():
            prefix = interpreter_prefix(os.path.abspath(target))  # noqa: PTH100 - links stay as given
            self.notes.append(f"{target}: an interpreter, its prefix is {prefix}")
            self._environment(prefix, target)
        elif path.name.endswith(".whl") or not path.is_file():
            self.archives.append(self.wheel(path, self.limits))
        else:
            hint = "give a wheel (.whl), an sdist (.tar.gz, .zip), a folder or an interpreter"
            raise TargetError(target, "is none of the files that can be scanned", hint)

    # folders

    def _folder(self, target: str, as_: FolderKind | None) -> None:
        root = os.path.abspath(target)  # noqa: PTH100 - links stay as given
        kind = as_ or kind_of(root)
        self.notes.append(f"{target}: taken for {kind.noun}")
        self._take(kind, root, target)
        if kind is FolderKind.ENVIRONMENT and as_ is None and (other := kind_besides(root)) is not None:
            self.notes.append(f"{target}: taken for {other.noun} as well, by what else stands in it")
            self._take(other, root, target)

    def _take(self, kind: FolderKind, root: str, target: str) -> None:
        match kind:
            case FolderKind.ENVIRONMENT:
                self._environment(root, target)
            case FolderKind.COLLECTION:
                self._collection(target)
            case FolderKind.PROJECT:
                project = read_project(root, target, self.limits)
                self._keep(
                    TargetSet(label=target, distributions=(project,), roots=(root,), site_roots=(root,))
                )
            case FolderKind.SITE:
                self._keep_always(site_set(root, target, self.limits))
            case FolderKind.FOLDER:
                self._mixed(site_set(root, target, self.limits), target)

    def _mixed(self, found: TargetSet, target: str) -> None:
        """A folder with whatever is in it; its archives are packages that its files do not show."""
        archives = sorted(_archives(found))
        if archives:
            self.notes.append(f"{target}: the archives in it are scanned as packages of their own")
        if not archives or any(_scannable(found)):
            self._keep(found)
        for path in archives:
            self._guarded(f"{target.rstrip('/')}/{path}", None)

    def _environment(self, prefix: str, target: str) -> None:
        for found in environment_sets(prefix, target, self.limits):
            self._keep_always(found)

    def _collection(self, target: str) -> None:
        for name in sorted(os.listdir(target)):  # noqa: PTH208 - names, not paths
            if name.endswith(ARCHIVES):
                self._guarded(f"{target.rstrip('/')}/{name}", None)

    def _keep_always(self, found: TargetSet) -> None:
        """An environment or site directory counts even when it is empty."""
        if not any(row.kind is PackageKind.INSTALLED for row in found.distributions):
            self.notes.append(f"{found.label}: no distribution is installed here")
        self.sets.append(found)

    def _keep(self, found: TargetSet) -> None:
        if any(_scannable(found)):
            self.sets.append(found)
        else:
            self.notes.append(f"{found.label}: nothing in it can be scanned")


def _archives(found: TargetSet) -> Iterator[str]:
    """Wheels wherever they stand, and what stands at the top like an sdist."""
    for distribution in found.distributions:
        for member in distribution.members:
            if member.stored.endswith(".whl") or SDIST.fullmatch(member.stored):
                yield member.stored


def _scannable(found: TargetSet) -> Iterator[bool]:
    for distribution in found.distributions:
        yield bool(distribution.not_analysed)
        for member in distribution.members:
            yield member.stored.endswith(SCANNED)
