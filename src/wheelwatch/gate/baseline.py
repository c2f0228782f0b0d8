"""What a team has approved, bound to the evidence: ``wheelwatch-baseline.toml``."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch import escape
from wheelwatch.errors import DataError
from wheelwatch.gate.document import convert, load
from wheelwatch.model import Approval, Evidence, Finding, Severity, Trigger

VERSION = 1
NAME = "wheelwatch-baseline.toml"
SHOWN = 6
"""Places that a difference names."""

LONGEST = 200
"""Code points of a line that an entry keeps."""

LINE = "<line>"
"""What evidence calls a startup line."""

WEIGHED = 20
"""Entries of one file among which the one closest to a new line is looked for."""

VERSIONED = re.compile(r"-\d[\w.+!]*")
"""The version in a path (``demo-1.0.dist-info``), which no fingerprint holds."""

STRENGTH = {trigger: place for place, trigger in enumerate(Trigger)}

HEAD = """\
# What this project has approved; written by `wheelwatch approve`, reviewed like code.
# An entry holds for one finding as long as its evidence is the same. Lines may be removed by hand.
"""

Text = Annotated[str, msgspec.Meta(min_length=1)]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One approved finding."""

    package: Text
    """Canonical name."""
    rule: Text
    trigger: Trigger
    severity: str
    """The worst at which it is approved."""
    path: str
    fingerprint: Text
    reason: Text
    who: str
    date: dt.date
    expires: dt.date | None = None
    """The last day on which it holds."""
    text: str = ""
    """The startup line, or the code at the site, cut; empty where that is unknown."""
    evidence: dict[str, tuple[str, ...]] = {}
    """By path: the code that runs, each as its name and digest."""

    def difference(self, finding: Finding) -> str:
        """What is not as it was approved, in words; empty when everything is."""
        parts = []
        path = escape.json(finding.path)
        if place(path) != place(self.path):
            parts.append(f"it is in {path}, approved was {self.path or 'no file'}")
        if is_earlier(finding.trigger, self.trigger):
            parts.append(f"it runs at {finding.trigger.value} now, approved was {self.trigger.value}")
        if finding.severity > Severity[self.severity.upper()]:
            parts.append(f"it is {finding.severity.label} now, approved was {self.severity}")
        code = changes(self.evidence, listed(finding.evidence))
        if code:
            what = "startup code changed" if finding.trigger is Trigger.STARTUP else "the file changed"
            parts.append(f"{what}: {code}")
        return ", and ".join(parts)

    def replacement(self, finding: Finding) -> str:
        """What a finding at the same place runs that this one does not, in words."""
        now = spelled(finding)
        parts = (
            [] if is_same(self.text, now) else [f"it is {escape.toml(now)} now, approved was {self._said}"]
        )
        code = changes(_without_line(self.evidence), _without_line(listed(finding.evidence)))
        return "startup code changed: " + ("; ".join([*parts, *([code] if code else [])]) or "another line")

    @property
    def _said(self) -> str:
        return escape.toml(self.text[:LONGEST]) if self.text else "another line"

    def row(self) -> Approval:
        """The entry as a report lists it."""
        return Approval(
            package=self.package,
            rule=self.rule,
            trigger=self.trigger.value,
            path=self.path,
            fingerprint=self.fingerprint,
            reason=self.reason,
            who=self.who,
            date=self.date.isoformat(),
            expires=self.expires.isoformat() if self.expires else "",
        )


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All approvals of a project."""

    version: int
    approved: tuple[Entry, ...] = ()


EMPTY = Baseline(version=VERSION)


def read(path: str) -> Baseline:
    """The baseline of a file.

    Raises:
        DataError: it cannot be read, is of a later version, holds an entry twice, or a key is unknown or
            of the wrong type.
    """
    document = load(path)
    version = document.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        hint = "use the version of wheelwatch that wrote it, or a later one"
        raise DataError(f"{path}: version", f"is {version}; this wheelwatch reads up to {VERSION}", hint)
    found = convert(document, Baseline, path)
    if found.version != VERSION:
        raise DataError(f"{path}: version", f"is {found.version}; there is none before {VERSION}")
    seen: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(found.approved):
        place = f"{path}: approved[{number}]"
        if entry.severity.upper() not in Severity.__members__:
            raise DataError(f"{place}.severity", f"{entry.severity} is no severity")
        first = seen.setdefault((canonicalize_name(entry.package), entry.fingerprint), number)
        if first != number:
            raise DataError(place, f"approves what approved[{first}] approves", "remove one of them")
    return found


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who approves, why, and until when."""

    reason: str
    who: str
    date: dt.date
    expires: dt.date | None = None


def entry(package: str, finding: Finding, signature: Signature) -> Entry:
    """The approval of a finding as it is now; ``package`` is the name of its package."""
    return Entry(
        package=escape.json(canonicalize_name(package)),
        rule=finding.rule,
        trigger=finding.trigger,
        severity=finding.severity.label,
        path=escape.json(finding.path),
        fingerprint=finding.fingerprint,
        reason=escape.json(signature.reason),
        who=escape.json(signature.who),
        date=signature.date,
        expires=signature.expires,
        text=spelled(finding),
        evidence=listed(finding.evidence),
    )


def render(baseline: Baseline) -> str:
    """The baseline as TOML, sorted, one entry after the other."""
    rows = sorted(baseline.approved, key=lambda row: (row.package, row.rule, row.path, row.fingerprint))
    return "".join([HEAD, f"version = {baseline.version}\n", *("\n" + _text(row) for row in rows)])


def is_earlier(one: Trigger, other: Trigger) -> bool:
    """Whether what has the first trigger runs with less being asked for than what has the second."""
    return STRENGTH[one] < STRENGTH[other]


def spelled(finding: Finding) -> str:
    """The code of a finding as an entry keeps it."""
    return escape.json(finding.snippet[:LONGEST])


def is_same(one: str, other: str) -> bool:
    """Whether two lines differ in white space at most, which no fingerprint holds."""
    return one.split() == other.split()


def place(path: str) -> str:
    """A path as it stands in an entry, without the version of its distribution."""
    return VERSIONED.sub("-", escape.json(path))


def closest(entries: Sequence[Entry], finding: Finding) -> Entry:
    """The entry, of at least one, whose line is most like that of a finding."""
    now = spelled(finding)
    return max(
        entries[:WEIGHED],
        key=lambda row: difflib.SequenceMatcher(None, row.text[:LONGEST], now, autojunk=False).ratio(),
    )


def listed(evidence: Iterable[Evidence]) -> dict[str, tuple[str, ...]]:
    """Evidence as a baseline holds it."""
    found: dict[str, list[str]] = {}
    for piece in evidence:
        path = escape.json(piece.path)
        found.setdefault(path, []).append(f"{escape.json(piece.function)} {piece.digest}")
    return {path: tuple(pieces) for path, pieces in found.items()}


def _text(row: Entry) -> str:
    names = ("package", "rule", "trigger", "severity", "path", "fingerprint", "reason", "who")
    lines = ["[[approved]]", *(f"{name} = {escape.toml(getattr(row, name))}" for name in names)]
    lines.append(f"date = {row.date.isoformat()}")
    if row.expires is not None:
        lines.append(f"expires = {row.expires.isoformat()}")
    if row.text:
        lines.append(f"text = {escape.toml(row.text)}")
    if row.evidence:
        lines.append("[approved.evidence]")
    for path, pieces in row.evidence.items():
        if len(pieces) == 1:
            lines.append(f"{escape.toml(path)} = [{escape.toml(pieces[0])}]")
            continue
        lines += [f"{escape.toml(path)} = [", *(f"  {escape.toml(piece)}," for piece in pieces), "]"]
    return "\n".join(lines) + "\n"


def changes(old: dict[str, tuple[str, ...]], new: dict[str, tuple[str, ...]]) -> str:
    """The places at which two lists of evidence differ, in words; empty when they do not."""
    found = list(_changes(old, new))
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return "; ".join(found[:SHOWN]) + more


def _changes(old: dict[str, tuple[str, ...]], new: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for path in sorted(old.keys() | new.keys()):
        before, after = _by_name(old.get(path, ())), _by_name(new.get(path, ()))
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                word = "new " if name not in before else "gone " if name not in after else ""
                yield f"{word}{path} {name}"


def _without_line(evidence: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        path: tuple(piece for piece in pieces if not piece.startswith(f"{LINE} "))
        for path, pieces in evidence.items()
    }


def _by_name(pieces: Iterable[str]) -> dict[str, str]:
    return {name: digest for name, _, digest in (piece.rpartition(" ") for piece in pieces)}
