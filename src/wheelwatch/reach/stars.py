"""Star imports: the modules from which a file may have a name that it does not write itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from wheelwatch.reach.places import FileId, Folder
from wheelwatch.reach.units import Unit, Units


class Web(msgspec.Struct, frozen=True):
    """The modules behind the star imports of one file, as far as they have been read."""

    files: frozenset[FileId]
    ends: tuple[FileId, ...]
    """Of these the ones that may hold any name: not read, or with a ``__getattr__``; nearest first."""
    packages: dict[Folder, list[FileId]]
    """By folder: those that are the ``__init__`` of a package, and so hold its submodules."""


class Stars:
    """The star imports of a set.

    Args:
        units: the files that were asked for.
        unit: tells how to get a file, as for `Names`.
        is_asking: whether that asks for a file that nobody has asked for yet.
        module: the files of the module that a name of a file is, without its parents.
        folder: where the submodules of a file are, if it is a package's ``__init__``.
    """

    def __init__(
        self,
        units: Units,
        unit: Callable[[FileId], Unit | None],
        *,
        is_asking: bool,
        module: Callable[[FileId, str], tuple[FileId, ...]],
        folder: Callable[[FileId], Folder | None],
    ) -> None:
        self._units = units
        self._unit = unit
        self._is_asking = is_asking
        self._module = module
        self._folder = folder
        self._modules: dict[FileId, tuple[FileId, ...]] = {}
        self._count = 0
        self._webs: dict[FileId, Web | None] = {}
        self._writers: dict[str, set[FileId]] = {}
        """By name: the files of webs that write it in the body of their module."""
        self._read: set[FileId] = set()
        """The files whose names stand there."""

    def holders(self, file: FileId, name: str) -> tuple[FileId, ...]:
        """The modules that may hold a name, over star imports of star imports, nearest first."""
        web = self._web(file)
        if web is None:
            return tuple(self._walk(file, lambda found: self._holds(found, name)))
        holding = web.files & self._writers.get(name, set())
        parents = self._units.places.parents(name) & web.packages.keys()
        holding = holding.union(*(web.packages[folder] for folder in parents))
        if not holding:
            return self._told(web.ends)
        if len(holding) == 1 and not web.ends:
            return tuple(holding)
        return self._told(self._walk(file, holding.union(web.ends).__contains__))

    def _told(self, found: Iterable[FileId]) -> tuple[FileId, ...]:
        """Of these those that have been read, and one of the others: it tells that more may be found."""
        kept: list[FileId] = []
        is_open = False
        for file in found:
            is_read = self._unit(file) is not None
            if is_read or not is_open:
                kept.append(file)
            is_open = is_open or not is_read
        return tuple(kept)

    def _holds(self, file: FileId, name: str) -> bool:
        unit = self._unit(file)
        if unit is None or _holds_all(unit) or unit.lookup(0, name):
            return True
        folder = self._folder(file)
        return folder is not None and bool(self._units.places.find(folder, name))

    def _walk(self, file: FileId, holds: Callable[[FileId], bool]) -> Iterator[FileId]:
        """Nearest first; what is behind a module that holds the name is hidden by it."""
        pending = list(self.modules(file))
        seen = {file, *pending}
        for found in pending:
            if holds(found):
                yield found
            else:
                fresh = [star for star in self.modules(found) if star not in seen]
                seen.update(fresh)
                pending.extend(fresh)

    def _web(self, file: FileId) -> Web | None:
        """The web of a file as long as nothing more is read; ``None`` where a walk would read more."""
        if self._units.count != self._count:
            self._count = self._units.count
            self._webs.clear()
        if file not in self._webs:
            self._webs[file] = self._spun(file)
        return self._webs[file]

    def _spun(self, file: FileId) -> Web | None:
        pending = list(self.modules(file))
        seen = {file, *pending}
        ends = []
        for found in pending:
            unit = self._units.known(found)
            if unit is None and self._would_read(found):
                return None
            if unit is None or _holds_all(unit):
                ends.append(found)
                continue
            self._note(found, unit)
            fresh = [star for star in self.modules(found) if star not in seen]
            seen.update(fresh)
            pending.extend(fresh)
        packages: dict[Folder, list[FileId]] = {}
        for found in pending:
            folder = self._folder(found)
            if folder is not None:
                packages.setdefault(folder, []).append(found)
        return Web(frozenset(pending), tuple(ends), packages)

    def _would_read(self, file: FileId) -> bool:
        is_source = self._units.places.is_source(file)
        return self._is_asking and is_source and self._units.is_fresh(file)

    def _note(self, file: FileId, unit: Unit) -> None:
        if file not in self._read:
            self._read.add(file)
            for scope, name in unit.names:
                if scope == 0:
                    self._writers.setdefault(name, set()).add(file)

    def modules(self, file: FileId) -> tuple[FileId, ...]:
        """The files of the modules from which a file imports everything."""
        known = self._modules.get(file)
        if known is None:
            unit = self._unit(file)
            if unit is None:
                return ()
            files = [found for star in unit.stars for found in self._module(file, star)]
            known = self._modules[file] = tuple(dict.fromkeys(files))
        return known


def _holds_all(unit: Unit) -> bool:
    return bool(unit.lookup(0, "__getattr__"))
