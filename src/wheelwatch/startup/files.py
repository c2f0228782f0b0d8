"""The ``.pth`` and ``.start`` files of the site directories of a set, read once in every dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from wheelwatch.limits import Limits
from wheelwatch.model import Member, NotAnalysed, Reason, TargetSet
from wheelwatch.startup.dialects import EVERY, Dialect
from wheelwatch.startup.layout import Layout, Located
from wheelwatch.startup.lines import Line, Reading, read_pth, read_start

Read: TypeAlias = Callable[[Member], bytes | NotAnalysed]
Readings: TypeAlias = Mapping[tuple[bool, bool], Reading]
Unread: TypeAlias = tuple[int, Member, NotAnalysed]

PTH = ".pth"
START = ".start"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """One file of a site directory with what it says.

    ``readings`` has a reading for each way of reading, keyed by ``Dialect.way``;
    ``elsewhere`` the same under a locale that decodes every byte, when the file is not UTF-8.
    """

    located: Located
    root: str
    readings: Readings
    elsewhere: Readings = field(default_factory=dict)

    def lines(self, dialect: Dialect) -> Iterator[tuple[Line, bool]]:
        """The effective lines in one dialect, and whether only another locale's encoding reads them."""
        if dialect.minor not in self.located.pythons or not dialect.takes(self.located.name, PTH):
            return
        for readings in (self.readings, self.elsewhere):
            if dialect.way in readings:
                yield from ((line, readings is self.elsewhere) for line in readings[dialect.way].lines)


@dataclass(frozen=True, slots=True)
class ConfigFiles:
    """All files of a set that ``site`` reads, sorted as it sorts them within each site directory."""

    pths: tuple[ConfigFile, ...]
    starts: tuple[ConfigFile, ...]
    not_analysed: tuple[Unread, ...]


_Readings: TypeAlias = tuple[Readings, Readings]


def load(target: TargetSet, layout: Layout, read: Read, limits: Limits) -> ConfigFiles:
    """Read every ``.pth`` and ``.start`` file that lies directly in a site directory."""
    found: dict[str, list[ConfigFile]] = {PTH: [], START: []}
    unread: list[Unread] = []
    for root in target.site_roots:
        for located in sorted(layout.inside(root, ""), key=lambda located: located.name):
            if located.name.endswith(PTH):
                suffix, parse = PTH, _readings
            elif located.name.endswith(START) and "3.15" in located.pythons:
                suffix, parse = START, _start_readings
            else:
                continue
            parsed = _parsed(located.member, parse, read, limits)
            unread += _complaints(located, parsed, limits)
            if not isinstance(parsed, NotAnalysed) and parsed[0]:
                usual, elsewhere = parsed
                file = ConfigFile(located=located, root=root, readings=usual, elsewhere=elsewhere)
                found[suffix].append(file)
    return ConfigFiles(tuple(found[PTH]), tuple(found[START]), tuple(unread))


def _complaints(located: Located, parsed: _Readings | NotAnalysed, limits: Limits) -> Iterator[Unread]:
    if isinstance(parsed, NotAnalysed):
        yield located.distribution, located.member, parsed
        return
    usual, elsewhere = parsed
    if any(reading.is_cut for reading in (*usual.values(), *elsewhere.values())):
        detail = f"more than {limits.startup_lines} lines that count"
        yield located.distribution, located.member, _refused(Reason.TOO_LARGE, detail)
    if elsewhere:
        detail = "not UTF-8: read as Latin-1; under a UTF-8 locale the start of the interpreter ends here"
        yield located.distribution, located.member, _refused(Reason.UNDECODABLE, detail)


def _parsed(
    member: Member, parse: Callable[[bytes, Limits], _Readings], read: Read, limits: Limits
) -> _Readings | NotAnalysed:
    if member.size > limits.startup_bytes:
        return _refused(Reason.TOO_LARGE, f"{member.size} bytes")
    data = read(member)
    if isinstance(data, NotAnalysed):
        return data
    if len(data) > limits.startup_bytes:
        return _refused(Reason.TOO_LARGE, f"{len(data)} bytes")
    return parse(data, limits)


def _refused(reason: Reason, detail: str) -> NotAnalysed:
    return NotAnalysed(reason=reason, detail=detail)


def _readings(data: bytes, limits: Limits) -> _Readings:
    ways = {dialect.way: dialect for dialect in EVERY}
    usual = {way: read_pth(data, each, most=limits.startup_lines) for way, each in ways.items()}
    if not any(reading.is_fatal for reading in usual.values()):
        return usual, {}
    latin = {
        way: read_pth(data, each, encoding="latin-1", most=limits.startup_lines)
        for way, each in ways.items()
    }
    return usual, latin


def _start_readings(data: bytes, limits: Limits) -> _Readings:
    reading = read_start(data, most=limits.startup_lines)
    # What is not UTF-8 is skipped whatever the locale: it runs nothing and silences nothing.
    return ({(False, True): reading} if reading is not None else {}), {}
