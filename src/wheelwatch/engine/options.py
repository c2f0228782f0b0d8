"""What a run is told, and who follows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import msgspec

from wheelwatch import archive
from wheelwatch.catalogue.incidents import Incident
from wheelwatch.engine.advance import Advance
from wheelwatch.engine.cache import Store
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import NotAnalysed, Severity, Source, Version

Reader: TypeAlias = Callable[[Source, Limits], bytes | NotAnalysed]
"""Reads a member, as `archive.read` does."""

Header: TypeAlias = Callable[[Source, int, Limits], bytes | NotAnalysed]
"""Reads the first bytes of a member, as `archive.head` does."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a run can be told."""

    fail_on: Severity | None = Severity.HIGH
    """The severity from which a finding makes the run fail; ``None`` for never."""
    pythons: tuple[Version, ...] = ()
    """The versions that count; empty for those that each target's own data say."""
    as_: str | None = None
    """What every folder is taken for."""
    workers: int = 0
    """Worker processes; 0 for one per core."""
    limits: Limits = DEFAULT
    triage: bool = True
    """Parse only files whose words say that they may hold something; reports are the same without."""
    only_startup: bool = False
    """Look only into what startup reaches."""
    incidents: tuple[Incident, ...] = ()
    """Attacks to look for besides those that wheelwatch knows; they come first."""
    partial: bool = False
    """An interrupt ends the run with what is judged, where something is."""
    cache: Store | None = None
    """What is known of contents from earlier runs, and where it is kept for the next."""
    recall: bool = False
    """Take the judgement of a set from the cache where nothing that it rests on has changed, and keep it.

    Otherwise every set is judged anew, from facts.
    """
    read: Reader = archive.read
    """How this process reads members; workers read files."""
    head: Header = archive.head


class Observer(Protocol):
    """Follows a run: what the targets were taken for, and how far it is."""

    def found(self, notes: Sequence[str], packages: int) -> None:
        """The targets have been read."""

    def examined(self, label: str, advance: Advance) -> None:
        """So far is the examination of a set."""

    def interrupted(self) -> None:
        """An interrupt was heeded: the run ends by itself, with what is judged."""


class Unobserved:
    """Nobody follows."""

    def found(self, notes: Sequence[str], packages: int) -> None:
        """Ignored."""

    def examined(self, label: str, advance: Advance) -> None:
        """Ignored."""

    def interrupted(self) -> None:
        """Ignored."""
