"""What a run hands out: findings, packages with score and level, and the report around them.

Field names and order are those of the JSON report (schema ``wheelwatch-report-1.1``).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wheelwatch.model.files import Reason
from wheelwatch.model.linked import Step
from wheelwatch.model.words import Confidence, Level, PackageKind, RuleId, Severity, Trigger, Version


class Outcome(StrEnum):
    """The verdict of a run; the CLI maps it to an exit code."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"
    INCOMPLETE = "incomplete"
    EMPTY = "empty"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's judgement on a site or a file. Lines and columns are 1-based; 0 means the whole file."""

    rule: RuleId
    severity: Severity
    trigger: Trigger
    confidence: Confidence
    applies: bool
    """It holds for at least one Python version that counts."""
    api: str | None
    message: str
    path: str
    line: int
    column: int
    snippet: str
    chain: tuple[Step, ...]
    pythons: tuple[Version, ...]
    known: str | None
    """Id of the known-good entry that excuses it."""
    fingerprint: str


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A file that could not be analysed, as the report lists it."""

    path: str
    reason: Reason
    detail: str
    trigger: Trigger
    fingerprint: str


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Why and from where ``audit`` took a package; addresses and requirements without credentials."""

    requirement: str
    """As written where somebody asked: ``flask[async]>=3``."""
    file: str
    """The file that holds it, as given; empty for the command line."""
    line: int
    """1-based; 0 where lines say nothing (a lock file, the command line)."""
    path: tuple[str, ...]
    """Names from the required package to this one, both included."""
    url: str
    """Where the file lies; empty where that is not known."""
    uploaded: str | None
    """When the index got the file, RFC 3339 in UTC; ``None`` where it does not say."""
    cached: bool
    """It was there already, and nothing was downloaded."""


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """One distribution, judged."""

    name: str
    version: str
    kind: PackageKind
    location: str
    sha256: str | None
    score: int
    level: Level
    findings: tuple[Finding, ...]
    not_analysed: tuple[Unread, ...]
    origin: Origin | None = None
    """Only for what ``audit`` resolved."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the job that could not be done: an unreadable target, a failed download."""

    where: str
    what: str
    hint: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of a run. ``notes`` are for a human and not part of the JSON report."""

    wheelwatch: str
    outcome: Outcome
    complete: bool
    fail_on: Severity | None
    """The gate's threshold; ``None`` for ``never``."""
    targets: tuple[str, ...]
    pythons: tuple[Version, ...]
    packages: tuple[Package, ...]
    errors: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
