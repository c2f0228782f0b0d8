"""Whether a startup line is a known one: the line, its owner, and the unchanged module behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.catalogue.known import Match, Support, matches
from wheelwatch.model import PackageKind, StartupEntry, StartupKind, TargetSet
from wheelwatch.reach.names import Names
from wheelwatch.reach.places import FileId
from wheelwatch.reach.units import Units


class Recognition(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one startup line."""

    id: str | None = None
    foreign: bool = False
    """The line is known, and the module behind it belongs to another distribution than its owner."""
    files: frozenset[FileId] = frozenset()
    """The line and the files of the known module; their sites are known too."""
    compiled: frozenset[FileId] = frozenset()
    """Compiled modules of the owner that the entry names: that they are loaded is known."""


KINDS = frozenset({StartupKind.PTH_IMPORT, StartupKind.START})
"""Entries that are lines; a module that is imported by its name has no line to be known by."""


def recognise(
    target: TargetSet, units: Units, names: Names, entry: StartupEntry, file: FileId
) -> Recognition:
    """Compare one line that takes effect with the catalogue."""
    if entry.kind not in KINDS:
        return Recognition()
    owner = target.distributions[entry.distribution]
    text = entry.text.strip() if entry.kind is StartupKind.START else entry.text
    foreign = False
    for match in matches(text, owner.name, is_unowned=owner.kind is PackageKind.UNOWNED):
        files = _module(units, names, match.module, file)
        if not all(_is_same(target, entry.distribution, units.places.owners[found]) for found in files):
            foreign = True
        elif not match.module or (files and _are_known(units, files, match.known.digests)):
            excused = _supports(target, units, names, match, file)
            if excused is not None:
                copies = _copies(target, units, entry.distribution, match)
                kept = () if match.known.excuses == "line" else (*files, *copies, *excused)
                return Recognition(
                    id=match.known.id,
                    files=frozenset((file, *kept)),
                    compiled=frozenset(_compiled(target, units, names, match, file)),
                )
            foreign = True
    return Recognition(foreign=foreign)


def _is_same(target: TargetSet, one: int, other: int) -> bool:
    """One distribution, or the same in base and virtual environment, where the first one is imported."""
    if one == other:
        return True
    first, second = target.distributions[one], target.distributions[other]
    if first.root == second.root or PackageKind.UNOWNED in (first.kind, second.kind):
        return False
    return canonicalize_name(first.name) == canonicalize_name(second.name)


def _copies(target: TargetSet, units: Units, owner: int, match: Match) -> list[FileId]:
    """The same unchanged module of the same distribution in the folders behind, which is not imported.

    Calls are followed into every folder that holds the name, as code may reorder the import path.
    """
    if not match.module:
        return []
    stem = match.module.replace(".", "/")
    found = (
        file
        for folder in units.places.holding(stem.split("/")[0])
        for file in units.places.find(folder, stem)
    )
    return [
        file
        for file in found
        if _is_same(target, owner, units.places.owners[file])
        and _are_known(units, (file,), match.known.digests)
    ]


def _compiled(
    target: TargetSet, units: Units, names: Names, match: Match, file: FileId
) -> Iterator[FileId]:
    """The compiled modules that the entry names, where its owner ships them."""
    owner = units.places.owners[file]
    for module in match.known.compiled:
        for found in _module(units, names, module, file):
            if units.places.is_native(found) and _is_same(target, owner, units.places.owners[found]):
                yield found


def _supports(
    target: TargetSet, units: Units, names: Names, match: Match, file: FileId
) -> tuple[FileId, ...] | None:
    """The files of unchanged supporting modules; ``None`` when one belongs to somebody else."""
    excused: list[FileId] = []
    for support in match.known.supports:
        files = _module(units, names, support.module, file)
        if any(not _owns(target, units, support, found) for found in files):
            return None
        if _are_known(units, files, support.digests):
            excused += files
    return tuple(excused)


def _owns(target: TargetSet, units: Units, support: Support, file: FileId) -> bool:
    return canonicalize_name(target.distributions[units.places.owners[file]].name) == support.owner


def _module(units: Units, names: Names, module: str, file: FileId) -> tuple[FileId, ...]:
    """Every file that an import of the module may load as that module itself."""
    if not module:
        return ()
    stem = module.replace(".", "/")
    return tuple(one for one in names.modules(file, module) if _is_at(units.places.members[one].path, stem))


def _is_at(path: str, stem: str) -> bool:
    plain = path.rpartition(".")[0].removesuffix("/__init__")
    return plain == stem or plain.endswith("/" + stem) or path.partition(".")[0] == stem


def _are_known(units: Units, files: Iterable[FileId], digests: tuple[str, ...]) -> bool:
    return all((unit := units.get(file)) is not None and unit.facts.digest in digests for file in files)
