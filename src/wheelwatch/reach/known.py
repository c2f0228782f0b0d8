"""Whether a startup line is a known one: the line, its owner, and the unchanged module behind it."""

from __future__ import annotations

import msgspec

from wheelwatch.catalogue.known import ANY, Match, matches
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


def recognise(
    target: TargetSet, units: Units, names: Names, entry: StartupEntry, file: FileId
) -> Recognition:
    """Compare one executed line with the catalogue; only ``.pth`` lines have known ones."""
    owner = target.distributions[entry.distribution]
    if entry.kind is not StartupKind.PTH_IMPORT:
        return Recognition()
    foreign = False
    for match in matches(entry.text, owner.name, is_unowned=owner.kind is PackageKind.UNOWNED):
        files = _module(units, names, match, file)
        strangers = [found for found in files if units.places.owners[found] != entry.distribution]
        if strangers and match.known.owner != ANY:
            foreign = True
        elif not match.module or (files and all(_is_known(units, match, found) for found in files)):
            return Recognition(id=match.known.id, files=frozenset((file, *files)))
    return Recognition(foreign=foreign)


def _module(units: Units, names: Names, match: Match, file: FileId) -> tuple[FileId, ...]:
    """Every file that an import of the match's module may load as that module itself."""
    if not match.module:
        return ()
    stem = match.module.replace(".", "/")
    found = names.modules(file, match.module)
    return tuple(one for one in found if _is_at(units.places.members[one].path, stem))


def _is_at(path: str, stem: str) -> bool:
    plain = path.rpartition(".")[0].removesuffix("/__init__")
    return plain == stem or plain.endswith("/" + stem) or path.partition(".")[0] == stem


def _is_known(units: Units, match: Match, file: FileId) -> bool:
    unit = units.get(file)
    return unit is not None and unit.facts.digest in match.known.digests
