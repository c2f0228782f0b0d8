"""What a run hands out: findings, packages with score and level, and the report around them.

Field names and order are those of the JSON report (schema ``wheelwatch-report-1.1``).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wheelwatch.model.files import Reason
from wheelwatch.model.linked import Effort, Evidence, Step
from wheelwatch.model.words import Confidence, Level, PackageKind, RuleId, Severity, Trigger, Version


class Outcome(StrEnum):
    """The verdict of a run; the CLI maps it to an exit code."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"
    INCOMPLETE = "incomplete"
    EMPTY = "empty"


class Ruling(StrEnum):
    """How baseline and policy take a finding that they know of."""

    APPROVED = "approved"
    """The baseline approves it."""
    EXCEPTED = "excepted"
    """An exception of the policy covers it."""
    CHANGED = "changed"
    """It was approved, with other evidence."""
    EXPIRED = "expired"
    """It was approved until a day that is over."""
    REQUIRED = "required"
    """The policy wants every startup file approved, and this one is not."""
    DENIED = "denied"
    """The policy allows no startup file."""
    REFUSED = "refused"
    """The policy does not take the package as it is."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What baseline and policy say of one finding. Dates are ISO 8601; empty where there is none."""

    ruling: Ruling
    must: bool = False
    """It stops the run whatever its severity, unless it is approved or excepted."""
    reason: str = ""
    who: str = ""
    date: str = ""
    expires: str = ""
    detail: str = ""
    """What changed since the approval."""

    @property
    def is_suppressed(self) -> bool:
        """It stops no run."""
        return self.ruling in (Ruling.APPROVED, Ruling.EXCEPTED)


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
    evidence: tuple[Evidence, ...] = ()
    """The code of its own distribution that it runs at startup, by path and function."""
    standing: Standing | None = None


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A file that could not be analysed, as the report lists it."""

    path: str
    reason: Reason
    detail: str
    trigger: Trigger
    fingerprint: str
    decisive: bool = False
    """Nobody knows what it would have said, and it may matter: without approval the run is incomplete."""
    standing: Standing | None = None


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
    native: tuple[str, ...] = ()
    """Install places of its compiled modules, sorted."""
    effort: Effort = Effort()
    """For a human, and not part of the JSON form."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the job that could not be done: an unreadable target, a failed download."""

    where: str
    what: str
    hint: str = ""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a baseline that approves nothing in this run. Dates are ISO 8601."""

    package: str
    rule: str
    trigger: str
    path: str
    fingerprint: str
    reason: str
    who: str
    date: str
    expires: str


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """The baseline of a run: where it is, and the entries that are of no use any more."""

    path: str
    stale: tuple[Approval, ...]
    """What they approve is not there."""
    expired: tuple[Approval, ...]
    """What they approve is there, and their day is over."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of a run. ``notes`` and how it ended are not part of the JSON report."""

    wheelwatch: str
    outcome: Outcome
    complete: bool
    fail_on: Severity | None
    """The gate's threshold; ``None`` for ``never``."""
    targets: tuple[str, ...]
    pythons: tuple[Version, ...]
    packages: tuple[Package, ...]
    errors: tuple[Failure, ...] = ()
    baseline: Ledger | None = None
    policy: str | None = None
    """The file whose rules were in force; ``None`` without one."""
    disabled: tuple[RuleId, ...] = ()
    """Rules that the policy switches off."""
    notes: tuple[str, ...] = ()
    is_interrupted: bool = False
    """Ctrl-C came before everything was judged; what was not is in ``errors``."""
