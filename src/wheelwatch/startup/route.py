"""The import path of every release, folder by folder, and which file a name finds on it first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from wheelwatch.model import TargetSet, Version
from wheelwatch.startup.destination import Compass
from wheelwatch.startup.dialects import Dialect
from wheelwatch.startup.files import ConfigFile, ConfigFiles
from wheelwatch.startup.layout import Layout
from wheelwatch.startup.modules import EVERYWHERE, WINDOWS, Found, forms, taken, zipped


@dataclass(frozen=True, slots=True)
class Stop:
    """One folder or zip of the import path and how it came there: empty, or ``x.pth:1``."""

    root: str
    folder: str
    by: str = ""
    is_windows: bool = False
    """The line means this folder on Windows only."""
    is_zip: bool = False


@dataclass(slots=True)
class Taken:
    """One file that an import takes, with where and on what it does."""

    found: Found
    name: str
    stop: Stop
    pythons: set[Version] = field(default_factory=set)
    platforms: frozenset[str] = frozenset()


def route(target: TargetSet, files: ConfigFiles, compass: Compass, dialect: Dialect) -> Iterator[Stop]:
    """The folders of the import path of one release, in order, each once.

    A root behind the site directories that no path line reaches on this release is not on its path:
    it was added to the set because some line may name it.
    """
    seen: set[tuple[str, str]] = set()
    is_behind = False
    for root in target.roots:
        is_site = root in target.site_roots
        is_behind |= is_site
        if (root, "") in seen or (is_behind and not is_site):
            continue
        seen.add((root, ""))
        yield Stop(root, "")
        for file in files.pths if is_site else ():
            if file.root == root:
                yield from _added(file, compass, dialect, seen)


def _added(
    file: ConfigFile, compass: Compass, dialect: Dialect, seen: set[tuple[str, str]]
) -> Iterator[Stop]:
    for line, _ in file.lines(dialect):
        for place in () if line.is_import else compass.resolve(file.root, line.code, dialect.minor):
            if place.is_folder and (place.root, place.path) not in seen:
                is_windows = place.is_windows or file.located.is_windows
                if not is_windows:
                    seen.add((place.root, place.path))
                by = f"{file.located.member.path}:{line.number}"
                yield Stop(place.root, place.path, by, is_windows, is_zip=bool(place.files))


_ALL_OWNERS = -1


class Routes:
    """The import paths of some releases, for looking names up."""

    def __init__(
        self, layout: Layout, routes: Mapping[Dialect, Iterable[Stop]], names: frozenset[str]
    ) -> None:
        """``names`` are the top-level names that will be asked for: other folders are passed by."""
        self._layout = layout
        self._names = names
        self._known: dict[tuple[Stop, str], list[Found]] = {}
        self._routes: dict[Dialect, dict[str, list[Stop]]] = {}
        shown: dict[tuple[str, str], list[str]] = {}
        for dialect, stops in routes.items():
            kept = self._routes[dialect] = {}
            for stop in stops:
                place = (stop.root, stop.folder)
                if place not in shown:
                    shown[place] = self._names_in(*place)
                for name in shown[place]:
                    kept.setdefault(name, []).append(stop)

    def _names_in(self, root: str, folder: str) -> list[str]:
        """Those of the names that this folder may know."""
        stems = {located.name.partition(".")[0] for located in self._layout.inside(root, folder)}
        lead = f"{folder}/" if folder else ""
        return [name for name in self._names if name in stems or self._layout.is_known(root, lead + name)]

    def search(self, name: str) -> list[Taken]:
        """Every file that ``import name`` takes on some release; the first place on the path wins.

        ``name`` may be dotted; its parents count as namespaces here and are asked for by themselves.
        """
        won: dict[tuple[int, str], Taken] = {}
        for dialect, stops in self._routes.items():
            left: dict[int, frozenset[str]] = {}
            for stop in stops.get(name.partition(".")[0], ()):
                if not left.get(_ALL_OWNERS, EVERYWHERE):
                    break
                for owner, competing in self._at(stop, name):
                    used, left[owner] = taken(competing, dialect.minor, left.get(owner, EVERYWHERE))
                    for found, platforms in used:
                        key = (found.located.distribution, found.located.member.path)
                        row = won.setdefault(key, Taken(found, name, stop))
                        row.pythons.add(dialect.minor)
                        row.platforms |= platforms
        return list(won.values())

    def _at(self, stop: Stop, name: str) -> Iterator[tuple[int, list[Found]]]:
        """What a folder has under a name, by who competes for it.

        Archives lie side by side, and each is judged whatever another would overwrite: their files
        compete only with those of the same archive.
        """
        found = self._known.get((stop, name))
        if found is None:
            found = self._known[stop, name] = self._forms(stop, name)
        if stop.root:
            yield _ALL_OWNERS, found
            return
        for owner in dict.fromkeys(one.located.distribution for one in found):
            yield owner, [one for one in found if one.located.distribution == owner]

    def _forms(self, stop: Stop, name: str) -> list[Found]:
        parents, _, last = name.rpartition(".")
        folder = "/".join(part for part in (stop.folder, *parents.split(".")) if part)
        found = forms(self._layout, stop.root, folder, last)
        if stop.is_zip:
            found = zipped(found)
        if stop.is_windows:
            found = [msgspec.structs.replace(one, platforms=one.platforms & WINDOWS) for one in found]
        return found
