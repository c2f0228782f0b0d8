"""The boot sequence as ``wheelwatch startup`` lists it.

Field names and order are those of its JSON form (schema ``wheelwatch-startup-1.1``).
"""

from __future__ import annotations

import msgspec

from wheelwatch.model.report import Failure, Finding, Outcome, Unread
from wheelwatch.model.sets import StartupKind
from wheelwatch.model.words import PackageKind, Severity, Version


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the start of an interpreter: what runs or is obeyed, whose it is, what it leads to."""

    phase: str
    """A stage of the start, in the order of the stages; a value of ``startup.Phase``."""
    kind: StartupKind
    package: str
    version: str
    owner: PackageKind
    """What the package was found as; ``unowned``: nobody lists the file."""
    root: str
    """The site directory that ``path`` is relative to; empty for archives."""
    path: str
    line: int
    text: str
    """The line as it stands in the file; empty for a file as a whole."""
    target: str
    """The folder or zip of a path line, ``module:callable`` of a ``.start`` line, the imported module."""
    detail: str
    pythons: tuple[Version, ...]
    """Every version on which it takes effect."""
    severity: Severity
    """The worst of its findings that hold on the versions of this order."""
    known: str | None
    """Id of the known-good entry that it matches."""
    modules: tuple[str, ...]
    """Install places of the modules that it executes, first reached first."""
    missing: tuple[str, ...]
    """Modules that it names and that are not there."""
    silences: str
    """The ``.pth`` whose import lines it switches off, else empty."""
    findings: tuple[Finding, ...]
    """On the file, the line, and every site that it reaches, each with the chain from here."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of all versions that take the same ones in the same order."""

    pythons: tuple[Version, ...]
    steps: tuple[Turn, ...]


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """How one set starts."""

    target: str
    own: bool
    """It is the environment that runs wheelwatch: its startup code has run before wheelwatch could look."""
    orders: tuple[Order, ...]
    findings: tuple[Finding, ...]
    """On what runs at startup, but belongs to no step."""
    not_analysed: tuple[Unread, ...]
    """Files that run at startup and could not be analysed."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of a ``startup`` run. ``notes`` are for a human and not part of the JSON form."""

    wheelwatch: str
    outcome: Outcome
    complete: bool
    fail_on: Severity | None
    targets: tuple[str, ...]
    pythons: tuple[Version, ...]
    starts: tuple[Start, ...]
    errors: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
