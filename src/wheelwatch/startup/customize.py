"""Modules that are imported by name: customize modules, Debian's hook, squatted names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from wheelwatch.model import StartupEntry, StartupKind, TargetSet, Version
from wheelwatch.startup.destination import Compass
from wheelwatch.startup.dialects import Dialect
from wheelwatch.startup.files import ConfigFile, ConfigFiles
from wheelwatch.startup.layout import Layout
from wheelwatch.startup.modules import EVERYWHERE, WINDOWS, Form, Found, forms, taken
from wheelwatch.startup.pth import ordered

CUSTOMIZE = {
    "sitecustomize": (StartupKind.SITECUSTOMIZE, ""),
    "usercustomize": (StartupKind.USERCUSTOMIZE, "only where the user site is on: not in a plain venv"),
    "apport_python_hook": (StartupKind.APPORT, "on Debian and Ubuntu"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One folder of the import path and how it came there: empty, or ``x.pth:1``."""

    root: str
    folder: str
    by: str = ""
    is_windows: bool = False
    """The line means this folder on Windows only."""


@dataclass(slots=True)
class Taken:
    """One file that an import takes, with where and on what it does."""

    found: Found
    name: str
    by: str
    pythons: set[Version] = field(default_factory=set)
    platforms: frozenset[str] = frozenset()


class Routes:
    """The import path of every release, in order, and what its folders have under the names asked for."""

    def __init__(self, layout: Layout, routes: Mapping[Dialect, tuple[Stop, ...]]) -> None:
        self._layout = layout
        self._routes = routes
        self._known: dict[tuple[str, str, str], list[Found]] = {}

    def search(self, name: str) -> list[Taken]:
        """Every file that ``import name`` takes on some release; the first place on the path wins."""
        won: dict[tuple[int, str, str], Taken] = {}
        for dialect, stops in self._routes.items():
            left: dict[int, frozenset[str]] = {}
            for stop in stops:
                for owner, competing in self._at(stop, name):
                    used, left[owner] = taken(competing, dialect.minor, left.get(owner, EVERYWHERE))
                    for found, platforms in used:
                        key = (found.located.distribution, found.located.member.path, stop.by)
                        row = won.setdefault(key, Taken(found, name, stop.by))
                        row.pythons.add(dialect.minor)
                        row.platforms |= platforms
        return list(won.values())

    def _at(self, stop: Stop, name: str) -> Iterator[tuple[int, list[Found]]]:
        """What a folder has under a name, by who competes for it.

        Archives lie side by side, and each is judged whatever another would overwrite: their files
        compete only with those of the same archive.
        """
        key = (stop.root, stop.folder, name)
        if key not in self._known:
            self._known[key] = forms(self._layout, *key)
        found = self._known[key]
        if stop.is_windows:
            found = [msgspec.structs.replace(one, platforms=one.platforms & WINDOWS) for one in found]
        if stop.root:
            yield -1, found
            return
        for owner in dict.fromkeys(one.located.distribution for one in found):
            yield owner, [one for one in found if one.located.distribution == owner]


def route(target: TargetSet, files: ConfigFiles, compass: Compass, dialect: Dialect) -> Iterator[Stop]:
    """The folders of the import path of one release, in order, each once."""
    seen: set[tuple[str, str]] = set()
    for root in target.roots:
        if (root, "") not in seen:
            seen.add((root, ""))
            yield Stop(root, "")
        for file in files.pths if root in target.site_roots else ():
            if file.root == root:
                yield from _added(file, compass, dialect, seen)


def _added(
    file: ConfigFile, compass: Compass, dialect: Dialect, seen: set[tuple[str, str]]
) -> Iterator[Stop]:
    for line, _ in file.lines(dialect):
        for place in () if line.is_import else compass.resolve(file.root, line.code, dialect.minor):
            if place.is_folder and (place.root, place.path) not in seen:
                if not place.is_windows:
                    seen.add((place.root, place.path))
                by = f"{file.located.member.path}:{line.number}"
                yield Stop(place.root, place.path, by, place.is_windows or file.located.is_windows)


def customize_entries(routes: Routes) -> Iterator[StartupEntry]:
    """``sitecustomize``, ``usercustomize`` and ``apport_python_hook``, wherever the path has them."""
    for name, (kind, condition) in CUSTOMIZE.items():
        for one in routes.search(name):
            yield _entry(kind, one, condition)


def _entry(kind: StartupKind, one: Taken, condition: str) -> StartupEntry:
    located = one.found.located
    parts = (
        f"in a folder that {one.by} adds to the path" if one.by else "",
        "native" if one.found.form is Form.NATIVE else "",
        "on Windows" if one.platforms == WINDOWS else "",
        condition,
    )
    return StartupEntry(
        kind=kind,
        distribution=located.distribution,
        member=located.member,
        line=0,
        text="",
        pythons=ordered(one.pythons),
        target=one.name,
        detail="; ".join(part for part in parts if part),
    )
