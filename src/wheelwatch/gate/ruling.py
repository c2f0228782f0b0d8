"""From a report to the report under a policy and a baseline: severities, standings, the verdict."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch import escape, scoring
from wheelwatch.engine.verdict import counts, leaves_gap, outcome
from wheelwatch.gate import age
from wheelwatch.gate.baseline import Baseline, Entry, closest, is_same, place, spelled
from wheelwatch.gate.policy import NONE, STARTUP, Policy
from wheelwatch.model import (
    Finding,
    Ledger,
    Listing,
    Outcome,
    Package,
    Report,
    Ruling,
    Severity,
    Standing,
    Start,
    Trigger,
    Turn,
    Unread,
)

Key = tuple[str, str, str]
"""Package in its normal form, rule, and fingerprint or place."""


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """What a team has decided, for one run."""

    today: dt.date
    """The day on which approvals and exceptions must hold."""
    policy: Policy = NONE
    source: str | None = None
    """The file of the policy."""
    baseline: Baseline | None = None
    path: str = ""
    """The file of the baseline."""


def govern(report: Report, gate: Gate) -> Report:
    """The report, as the engine made it, under what a team has decided; ``errors`` are never approved."""
    present = _keys((package.name, row) for package in report.packages for row in package.findings)
    governor = _Governor(gate, present)
    packages = tuple(governor.package(package) for package in report.packages)
    has_gaps = any(leaves_gap(row) for package in packages for row in package.not_analysed)
    return msgspec.structs.replace(
        report,
        outcome=outcome(
            packages,
            report.errors,
            fail_on=report.fail_on,
            has_gaps=has_gaps,
            is_empty=report.outcome is Outcome.EMPTY,
        ),
        complete=not (has_gaps or report.errors),
        packages=packages,
        baseline=governor.ledger(gate.path) if gate.baseline is not None else None,
        policy=gate.source,
        disabled=gate.policy.disabled,
    )


def oversee(listing: Listing, gate: Gate) -> Listing:
    """The boot sequence under what a team has decided; the verdict is over what starts."""
    governor = _Governor(gate, _keys(_named(listing)))
    starts = tuple(governor.start(start) for start in listing.starts)
    told = [finding for start in starts for finding in _told(start)]
    has_gaps = any(leaves_gap(row) for start in starts for row in start.not_analysed)
    verdict = Outcome.EMPTY if listing.outcome is Outcome.EMPTY else Outcome.PASS
    if has_gaps or listing.errors:
        verdict = Outcome.INCOMPLETE
    if any(counts(finding, listing.fail_on) for finding in told):
        verdict = Outcome.FAIL
    complete = not (has_gaps or listing.errors)
    return msgspec.structs.replace(listing, starts=starts, outcome=verdict, complete=complete)


def _keys(rows: Iterable[tuple[str, Finding]]) -> frozenset[Key]:
    return frozenset(_key(name, finding) for name, finding in rows)


def _key(name: str, finding: Finding) -> Key:
    return escape.json(canonicalize_name(name)), str(finding.rule), finding.fingerprint


def _named(listing: Listing) -> Iterator[tuple[str, Finding]]:
    """Every finding of a listing with its package, which the last step of its chain tells."""
    for start in listing.starts:
        turns = [turn for order in start.orders for turn in order.steps]
        told = [(turn.package, row) for turn in turns for row in turn.findings]
        for owner, row in (*told, *(("", row) for row in start.findings)):
            yield (row.chain[-1].package if row.chain else owner), row


def _told(start: Start) -> Iterator[Finding]:
    for order in start.orders:
        for turn in order.steps:
            yield from turn.findings
    yield from start.findings


class _Governor:
    """Applies one policy and one baseline; remembers which entries were of use."""

    def __init__(self, gate: Gate, present: Set[Key]) -> None:
        self._policy = gate.policy
        self._today = gate.today
        self._entries: dict[Key, Entry] = {
            (canonicalize_name(row.package), row.rule, row.fingerprint): row
            for row in (gate.baseline.approved if gate.baseline else ())
        }
        self._expired: list[Entry] = []
        self._files = {
            (package, rule, place(row.path)) for (package, rule, _), row in self._entries.items()
        }
        self._gone: defaultdict[Key, list[Entry]] = defaultdict(list)
        for key, row in self._entries.items():
            if key not in present and row.trigger is Trigger.STARTUP:
                self._gone[key[0], row.rule, place(row.path)].append(row)
        self._used: set[Key] = set()

    def package(self, package: Package) -> Package:
        """The package with the severities of the policy and the standing of each finding."""
        name = escape.json(canonicalize_name(package.name))
        young = age.young(package, self._policy.min_age, self._today)
        found = package.findings if young is None else (*package.findings, young)
        judged = [self._finding(name, finding) for finding in found]
        standings = {finding.fingerprint: finding.standing for finding in judged if finding.standing}
        kept = [finding for finding in judged if finding.rule not in self._policy.disabled]
        kept.sort(key=lambda row: (not (row.standing is not None and row.standing.must), -row.severity))
        score = scoring.score(kept)
        return msgspec.structs.replace(
            package,
            findings=tuple(kept),
            not_analysed=tuple(_same(row, standings.get(row.fingerprint)) for row in package.not_analysed),
            score=score.score,
            level=score.level,
        )

    def start(self, start: Start) -> Start:
        """The start of one set with the standing of each finding."""
        replace = msgspec.structs.replace
        orders = tuple(
            replace(order, steps=tuple(self._turn(turn) for turn in order.steps)) for order in start.orders
        )
        loose = tuple(self._known_by(finding, "") for finding in start.findings)
        governed = replace(start, orders=orders, findings=self._kept(loose))
        standings = {row.fingerprint: row.standing for row in (*_told(governed), *loose) if row.standing}
        unread = tuple(_same(row, standings.get(row.fingerprint)) for row in start.not_analysed)
        return replace(governed, not_analysed=unread)

    def _turn(self, turn: Turn) -> Turn:
        findings = self._kept(self._known_by(finding, turn.package) for finding in turn.findings)
        worst = max((finding.severity for finding in findings), default=Severity.INFO)
        return msgspec.structs.replace(turn, findings=findings, severity=worst)

    def _known_by(self, finding: Finding, owner: str) -> Finding:
        """A finding of a listing, which tells its package in the last step of its chain."""
        name = finding.chain[-1].package if finding.chain else owner
        return self._finding(escape.json(canonicalize_name(name)), finding)

    def _kept(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(row for row in findings if row.rule not in self._policy.disabled)

    def ledger(self, path: str) -> Ledger:
        """The entries that approve nothing any more."""
        stale = (row for key, row in self._entries.items() if key not in self._used)
        return Ledger(
            path=path,
            stale=tuple(row.row() for row in stale),
            expired=tuple(row.row() for row in self._expired),
        )

    def _finding(self, package: str, finding: Finding) -> Finding:
        graded = msgspec.structs.replace(finding, severity=self._policy.grade(finding))
        return msgspec.structs.replace(graded, standing=self._standing(package, graded))

    def _standing(self, package: str, finding: Finding) -> Standing | None:
        policy = self._policy
        is_file = finding.rule.startswith(STARTUP) and finding.applies
        must = is_file and policy.startup_files != "judge"
        found = self._approval(package, finding, must=must)
        excuse = policy.excuse(package, finding, self._today)
        if excuse is not None:
            return Standing(ruling=Ruling.EXCEPTED, must=must, reason=excuse[0], expires=excuse[1])
        if is_file and policy.startup_files == "deny":
            return Standing(ruling=Ruling.DENIED, must=True)
        found = found or self._replacing(package, finding, is_file=is_file, must=must)
        if found is None and must:
            return Standing(ruling=Ruling.REQUIRED, must=True)
        return finding.standing if found is None else found

    def _replacing(self, package: str, finding: Finding, *, is_file: bool, must: bool) -> Standing | None:
        """What the baseline says of startup code that stands where it approved other code."""
        if finding.trigger is not Trigger.STARTUP or not finding.applies:
            return None
        key = (package, str(finding.rule), place(finding.path))
        gone = self._gone.get(key, ())
        rows = (
            gone
            if is_file
            else [row for row in gone if row.text and not is_same(row.text, spelled(finding))]
        )
        if rows:
            row = closest(rows, finding)
            return _standing(row, Ruling.CHANGED, must=must, detail=row.replacement(finding))
        if is_file and key in self._files:
            line = escape.toml(spelled(finding))
            return Standing(
                ruling=Ruling.CHANGED, must=must, detail=f"startup code changed: new line {line}"
            )
        return None

    def _approval(self, package: str, finding: Finding, *, must: bool) -> Standing | None:
        """What the baseline says of a finding."""
        key = (package, str(finding.rule), finding.fingerprint)
        row = self._entries.get(key)
        if row is None:
            return None
        detail = row.difference(finding)
        ruling = Ruling.CHANGED if detail else Ruling.APPROVED
        if ruling is Ruling.APPROVED and row.expires is not None and self._today > row.expires:
            ruling = Ruling.EXPIRED
            if key not in self._used:
                self._expired.append(row)
        self._used.add(key)
        return _standing(row, ruling, must=must, detail=detail)


def _standing(row: Entry, ruling: Ruling, *, must: bool, detail: str) -> Standing:
    return Standing(
        ruling=ruling,
        must=must,
        reason=row.reason,
        who=row.who,
        date=row.date.isoformat(),
        expires=row.expires.isoformat() if row.expires else "",
        detail=detail,
    )


def _same(row: Unread, standing: Standing | None) -> Unread:
    """A file that was not analysed stands as its finding does."""
    return row if standing is None else msgspec.structs.replace(row, standing=standing)
