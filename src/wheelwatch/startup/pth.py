"""The entries of ``.pth`` and ``.start`` files: every line that runs or leads somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from wheelwatch.catalogue.squat import well_known_stems
from wheelwatch.model import SUPPORTED_PYTHONS, Inline, Member, StartupEntry, StartupKind, Version
from wheelwatch.startup.destination import Compass, Destination
from wheelwatch.startup.dialects import Dialect
from wheelwatch.startup.files import PTH, START, ConfigFile, ConfigFiles
from wheelwatch.startup.generated import writer
from wheelwatch.startup.lines import Line

DEFERRED = frozenset({"3.15"})
ELSEWHERE = "only where the locale's encoding is not UTF-8; else the start of the interpreter ends here"
WINDOWS = "on Windows"
OUTSIDE = "outside what was scanned"
NO_ENTRY_POINT = "holds no entry point, only switches the import lines off"


@dataclass(slots=True)
class _Seen:
    line: Line
    pythons: set[Version] = field(default_factory=set)
    is_elsewhere: bool = True


def ordered(pythons: Iterable[Version]) -> tuple[Version, ...]:
    """The versions in their usual order, each once."""
    chosen = frozenset(pythons)
    return tuple(version for version in SUPPORTED_PYTHONS if version in chosen)


def lines(file: ConfigFile, spoken: Iterable[Dialect]) -> list[tuple[Line, frozenset[Version], bool]]:
    """The effective lines of a ``.pth`` with their Pythons, and whether only another locale reads them.

    What several dialects run alike is one line; white space around it makes no difference.
    """
    seen: dict[tuple[int, str, bool], _Seen] = {}
    for dialect in spoken:
        for line, is_elsewhere in file.lines(dialect):
            key = (line.number, line.code.strip() if line.is_import else line.code, line.is_import)
            found = seen.setdefault(key, _Seen(line))
            found.pythons.add(dialect.minor)
            found.is_elsewhere &= is_elsewhere
    # Sorting is stable: lines of one number stay in the order of the oldest dialect.
    rows = sorted(seen.values(), key=lambda row: row.line.number)
    return [(row.line, frozenset(row.pythons), row.is_elsewhere) for row in rows]


def pth_entries(
    files: ConfigFiles, compass: Compass, spoken: tuple[Dialect, ...]
) -> Iterator[StartupEntry]:
    """Import lines and path lines of all ``.pth`` files."""
    silencing = {_stem(start, START) for start in files.starts if not start.located.name.startswith(".")}
    for file in files.pths:
        silent = DEFERRED if _stem(file, PTH) in silencing else frozenset()
        for line, pythons, is_elsewhere in lines(file, spoken):
            if line.is_import:
                yield from _import_entry(file, line, pythons - silent, is_elsewhere=is_elsewhere)
            else:
                yield from _path_entries(file, line, pythons, compass)


def start_entries(files: ConfigFiles, spoken: tuple[Dialect, ...]) -> Iterator[StartupEntry]:
    """Entry points of all ``.start`` files; a file without any has an entry when it silences a ``.pth``."""
    if not any(dialect.defers for dialect in spoken):
        return
    silenced = {_stem(pth, PTH): pth.located.member.path for pth in files.pths if _has_imports(pth)}
    for file in files.starts:
        if file.located.name.startswith("."):
            continue
        silences = silenced.get(_stem(file, START)) or _well_known(file)
        # Not through lines(): what stands there twice is called twice.
        for line in file.readings[False, True].lines:
            entry = _entry(StartupKind.START, file, line, DEFERRED)
            yield replace(entry, target=line.code, silences=silences)
            silences = ""
        if silences:
            entry = _entry(StartupKind.START, file, Line(0, "", ""), DEFERRED)
            yield replace(entry, silences=silences, detail=NO_ENTRY_POINT)


def _well_known(file: ConfigFile) -> str:
    """A ``.pth`` that is not in the set, but in many environments into which the file may come."""
    stem = file.located.name.removesuffix(START)
    return stem + PTH if stem in well_known_stems() else ""


def _stem(file: ConfigFile, suffix: str) -> tuple[str, str, bool]:
    """What a ``.pth`` and the ``.start`` beside it that switches it off have in common."""
    return file.root, file.located.name.removesuffix(suffix), file.located.is_windows


def _import_entry(
    file: ConfigFile, line: Line, pythons: frozenset[Version], *, is_elsewhere: bool
) -> Iterator[StartupEntry]:
    if not pythons:
        return
    member = file.located.member
    data = line.code.encode()
    code = Member(
        stored=member.stored,
        place=member.place,
        uv_place=member.uv_place,
        size=len(data),
        source=Inline(data),
        first_line=line.number,
    )
    wrote = writer(line.code)
    detail = _joined(
        ELSEWHERE if is_elsewhere else "",
        WINDOWS if file.located.is_windows else "",
        f"of the form that {wrote} writes" if wrote else "",
    )
    yield replace(_entry(StartupKind.PTH_IMPORT, file, line, pythons), code=code, detail=detail)


def _path_entries(
    file: ConfigFile, line: Line, pythons: frozenset[Version], compass: Compass
) -> Iterator[StartupEntry]:
    reached: dict[Destination, set[Version]] = {}
    for python in ordered(pythons):
        for destination in compass.resolve(file.root, line.code, python):
            if destination.is_outside and line.code.strip("\ufeff \t").startswith("import"):
                continue  # an import line that this version takes for a path
            reached.setdefault(destination, set()).add(python)
    for destination, versions in reached.items():
        is_windows = destination.is_windows or file.located.is_windows
        detail = _joined(OUTSIDE if destination.is_outside else "", WINDOWS if is_windows else "")
        entry = _entry(StartupKind.PTH_PATH, file, line, versions)
        yield replace(entry, target=_target(file.root, destination), detail=detail)


def _target(root: str, destination: Destination) -> str:
    """The place as reports show it: of another root, the whole path."""
    if destination.is_outside or destination.root == root:
        return destination.path
    return "/".join(part for part in (destination.root, destination.path) if part)


def _entry(kind: StartupKind, file: ConfigFile, line: Line, pythons: Iterable[Version]) -> StartupEntry:
    return StartupEntry(
        kind=kind,
        distribution=file.located.distribution,
        member=file.located.member,
        line=line.number,
        text=line.text,
        pythons=ordered(pythons),
    )


def _has_imports(pth: ConfigFile) -> bool:
    reading = pth.readings.get((False, True))
    return reading is not None and any(line.is_import for line in reading.lines)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
