"""What a new version adds: the result of ``diff``, field by field as its JSON form has it."""

from __future__ import annotations

import msgspec

from wheelwatch.model.report import Failure, Finding, Outcome, Unread
from wheelwatch.model.words import Level, Severity


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A finding of the new side that the old one has too, and not as it is now."""

    finding: Finding
    detail: str
    """What is not as it was, in words."""


class Delta(msgspec.Struct, frozen=True, kw_only=True):
    """One package on both sides."""

    file: str
    """The requirements or lock file that brings it, in a repository; else empty."""
    name: str
    old: tuple[str, ...]
    """Versions on the old side; empty when it was not there."""
    new: tuple[str, ...]
    level_old: Level
    level_new: Level
    begins: bool
    """It was there, ran nothing at startup, and does now."""
    refused: str
    """Why the policy does not take it as a new package; empty when it does."""
    appeared: tuple[Finding, ...]
    changed: tuple[Shift, ...]
    vanished: tuple[Finding, ...]
    native_appeared: tuple[str, ...]
    native_vanished: tuple[str, ...]
    not_analysed: tuple[Unread, ...]
    """Files that matter, could not be analysed, and were not there like this before."""
    uploaded_old: str
    """When the index got the newest of its files, RFC 3339; empty where that is not known."""
    uploaded_new: str

    @property
    def news(self) -> tuple[Finding, ...]:
        """What is judged: findings that appeared or changed."""
        return (*self.appeared, *(shift.finding for shift in self.changed))


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of a ``diff`` run. ``notes`` are for a human and not part of the JSON form."""

    wheelwatch: str
    outcome: Outcome
    complete: bool
    fail_on: Severity | None
    old: tuple[str, ...]
    new: tuple[str, ...]
    packages: tuple[Delta, ...]
    """Those with a difference, by name."""
    same: int
    """Packages without one."""
    errors: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
