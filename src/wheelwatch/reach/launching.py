"""Customize modules that are dormant until code puts their folder on the path, here or for a child."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from wheelwatch.model import Confidence, Facts, Inline, Reached, Site, TargetSet, Trigger
from wheelwatch.reach.chains import Chains
from wheelwatch.reach.forward import Forward, Start
from wheelwatch.reach.guards import along
from wheelwatch.reach.hosting import SCRIPTS
from wheelwatch.reach.importable import is_nested_customize
from wheelwatch.reach.order import STRENGTH, order
from wheelwatch.reach.paths import end_of, ends_so
from wheelwatch.reach.places import FileId
from wheelwatch.reach.search import Root
from wheelwatch.reach.units import Units, mask, versions

CHILD = "os.environ[PYTHONPATH]"
HERE = frozenset({"sys.path", "site.addsitedir"})
"""What puts a folder on the path of children, and of this process."""

SCRIPT = re.compile(r"\[(?:console|gui)_scripts\] (\S+) = ")

Found = Mapping[tuple[FileId, Site], Reached]


class Put(msgspec.Struct, frozen=True):
    """A site that puts the folder of a customize module on the path."""

    file: FileId
    reached: Reached
    customize: FileId
    is_exact: bool
    """The folder is known; else the file only names it."""


class Launching:
    """The customize modules of one set and the code that makes them start."""

    def __init__(
        self, target: TargetSet, units: Units, facts: Facts, chains: Chains, forward: Forward
    ) -> None:
        self._target = target
        self._places = units.places
        self._facts = facts
        self._chains = chains
        self._forward = forward
        self._naming: dict[str, frozenset[FileId]] = {}

    def run(self, best: Found) -> Iterator[tuple[FileId, Reached]]:
        """Sites that put a folder there with what they begin, and the ways to sites that this opens."""
        dormant = [file for file, one in enumerate(self._places.members) if self._is_dormant(file)]
        if not dormant:
            return
        putting = [(file, one) for (file, _), one in best.items() if self._trigger(one) is not None]
        putting.sort(key=lambda row: (STRENGTH[row[1].trigger], len(row[1].chain), order(row[1])))
        for file, reached in putting:
            puts = [put for one in dormant if (put := self._put(file, reached, one)) is not None]
            if puts:
                begins = tuple(self._places.members[put.customize].path for put in puts)
                yield file, msgspec.structs.replace(reached, begins=begins)
            for put in puts:
                yield from self._started(put)

    def _is_dormant(self, file: FileId) -> bool:
        return is_nested_customize(self._places.members[file]) and self._places.is_source(file)

    def _trigger(self, reached: Reached) -> Trigger | None:
        """When what a site puts on the path starts; ``None`` when it does not by that."""
        site = reached.site
        if site.clears or reached.trigger is Trigger.DORMANT:
            return None
        if site.api == CHILD:
            return Trigger.CALL if reached.trigger is Trigger.CALL else Trigger.STARTUP
        # Later than at its start no interpreter looks for customize modules by itself.
        is_early = reached.trigger is Trigger.STARTUP and not _is_too_late(reached)
        return Trigger.STARTUP if site.api in HERE and is_early else None

    def _put(self, file: FileId, reached: Reached, customize: FileId) -> Put | None:
        folder = _folder(self._places.members[customize].path)
        detail = reached.site.detail if reached.site.api in HERE else ""
        if detail:
            is_meant = ends_so(folder, end_of(detail)) or ends_so(end_of(detail), folder)
            return Put(file, reached, customize, is_exact=True) if is_meant else None
        if self._places.owners[file] != self._places.owners[customize]:
            return None
        is_beside = _folder(self._places.members[file].path) == folder
        is_named = file in self._mentioning(folder.rpartition("/")[2])
        return Put(file, reached, customize, is_exact=False) if is_beside or is_named else None

    def _mentioning(self, word: str) -> frozenset[FileId]:
        """The files that write a word, the lines of startup files among them."""
        if word not in self._naming:
            found = set(self._places.of(self._facts.mentions(frozenset({word}))))
            for file, member in enumerate(self._places.members):
                if isinstance(member.source, Inline) and word.encode() in member.source.data:
                    found.add(file)
            self._naming[word] = frozenset(found)
        return self._naming[word]

    def _started(self, put: Put) -> Iterator[tuple[FileId, Reached]]:
        before = put.reached
        trigger = self._trigger(before)
        if trigger is None:
            return
        root = Root(node=(put.customize, 0), pythons=mask(before.pythons))
        trail = self._forward.trail(Start(roots=(root,)))
        launcher = self._launcher(put) if before.site.api == CHILD else ""
        for arrival in trail.arrivals():
            chain = (*before.chain, *self._chains.of(trail, arrival))
            yield (
                arrival.file,
                Reached(
                    site=arrival.site,
                    member=self._places.members[arrival.file],
                    trigger=trigger,
                    chain=chain,
                    pythons=versions(arrival.pythons),
                    confidence=arrival.site.confidence if put.is_exact else Confidence.LOW,
                    guard=along(chain),
                    launcher=launcher,
                    rivals=self._chains.rivals(chain),
                ),
            )

    def _launcher(self, put: Put) -> str:
        """The script that leads there, else the only one of the package around the file, else a place."""
        script = SCRIPT.match(put.reached.chain[0].what)
        if script is not None:
            return script[1]
        path = put.reached.member.path
        points = self._target.distributions[self._places.owners[put.file]].entry_points
        around = {
            point.name
            for point in points
            if point.group in SCRIPTS
            and path.startswith(point.value.partition(":")[0].replace(".", "/") + "/")
        }
        is_called = put.reached.trigger is Trigger.CALL
        return around.pop() if is_called and len(around) == 1 else f"{path}:{put.reached.site.line}"


def _folder(path: str) -> str:
    """The folder in which a path finds the module: of a package the one around it."""
    folder, _, name = path.rpartition("/")
    return folder.rpartition("/")[0] if name.startswith("__init__.") else folder


def _is_too_late(reached: Reached) -> bool:
    """Whether the way begins in a ``sitecustomize``: the module of that name is there already."""
    return reached.chain[0].path.rpartition("/")[2].startswith("sitecustomize.")


def _package(value: str) -> str:
    """The folder of the module of an entry point, were it a package."""
    return value.partition(":")[0].strip().replace(".", "/") + "/"
