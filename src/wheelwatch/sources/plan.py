"""What somebody asks for, in the form that every kind of input comes down to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from wheelwatch.model import Failure


class Asked(msgspec.Struct, frozen=True):
    """Where somebody asked: the text as written, without credentials, its file and its line.

    The file is empty for the command line, the line 0 where lines say nothing.
    """

    text: str
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """``requirements.txt:3``, or the text itself for the command line."""
        if not self.file:
            return self.text
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def full(self) -> str:
        """Place and text."""
        return f"{self.place}: {self.text}" if self.file else self.text


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """A name to be looked up in the indexes, with its normal form as ``name``."""

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str = ""
    hashes: tuple[str, ...] = ()
    """Allowed hashes, ``sha256:...``; empty for any."""
    asked: Asked

    @property
    def line(self) -> str:
        """The requirement for uv: name, extras, specifier and marker, and nothing else."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        marker = f" ; {self.marker}" if self.marker else ""
        return f"{self.name}{extras}{self.specifier}{marker}"


class DirectKind(StrEnum):
    """What a requirement that names no index stands for."""

    ARCHIVE = "archive"
    FOLDER = "folder"
    VCS = "vcs"


class Direct(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement that says itself where the package lies: an address or a path.

    ``place`` is an absolute path or an address that may hold credentials; it is never shown.
    """

    kind: DirectKind
    place: str
    name: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    hashes: tuple[str, ...] = ()
    is_constraint: bool = False
    asked: Asked


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """One file that is to be installed: its address, its hashes, who asked for it."""

    name: str
    version: str
    url: str
    """An address, which may hold credentials, or an absolute path."""
    filename: str
    hashes: tuple[str, ...]
    """``sha256:...``; a file without is not opened."""
    size: int | None = None
    uploaded: str | None = None
    asked: Asked | None = None
    """``None`` when only another package asks for it."""

    @property
    def is_sdist(self) -> bool:
        """It has to be built before it can be installed."""
        return not self.filename.endswith(".whl")


class Option(msgspec.Struct, frozen=True):
    """An option line of a requirements file that changes where packages come from."""

    name: str
    value: str
    asked: Asked


def index_options(index: str | None, extra: Iterable[str], links: Iterable[str]) -> tuple[Option, ...]:
    """Index options of a command line, in the order in which they count; each is named as its option."""
    rows = [("index-url", index)] if index else []
    rows += [("extra-index-url", url) for url in extra]
    rows += [("find-links", place) for place in links]
    return tuple(Option(name, value, Asked(f"--{name}")) for name, value in rows)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the inputs of one run ask for, each line of them accounted for."""

    requirements: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    directs: tuple[Direct, ...] = ()
    locked: tuple[Locked, ...] = ()
    options: tuple[Option, ...] = ()
    excluded: tuple[str, ...] = ()
    """Names that are taken from elsewhere and not looked up."""
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nobody asks for anything."""
        return not (self.requirements or self.directs or self.locked or self.failures)


def join(plans: tuple[Plan, ...]) -> Plan:
    """One plan that asks for everything that these ask for, in their order."""
    fields = Plan.__struct_fields__
    return Plan(**{field: tuple(row for plan in plans for row in getattr(plan, field)) for field in fields})
