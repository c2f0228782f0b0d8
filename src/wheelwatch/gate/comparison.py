"""Two reports side by side: what appeared, what changed, what is gone, and a verdict on what is new."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.engine.verdict import counts, leaves_gap
from wheelwatch.gate.baseline import changes, is_earlier, listed
from wheelwatch.model import (
    Comparison,
    Delta,
    Finding,
    Level,
    Outcome,
    Package,
    PackageKind,
    Report,
    Shift,
    Trigger,
    Unread,
)

UNOWNED = "(unowned files)"
TAG = re.compile(r"\.(cpython|cp|pypy|abi)[\w-]*(?=\.(so|pyd)$)")
"""What the name of a compiled module says of the interpreter that it is for."""


def compare(old: Report, new: Report, *, ceiling: Level | None = None, file: str = "") -> Comparison:
    """What the new report holds that the old one does not.

    Only what is new decides the outcome: findings that appeared or changed, packages over ``ceiling``
    that were not there, files that matter and could not be analysed, errors on either side. ``file`` is
    the requirements file of a repository that brings the packages.
    """
    before, after = _by_name(old), _by_name(new)
    deltas = [
        msgspec.structs.replace(_delta(name, before.get(name, ()), after.get(name, ()), ceiling), file=file)
        for name in _names(old, new)
    ]
    told = tuple(delta for delta in deltas if _has_news(delta))
    errors = (*old.errors, *new.errors)
    complete = not (errors or any(delta.not_analysed for delta in told))
    return Comparison(
        wheelwatch=new.wheelwatch,
        outcome=_outcome(told, new, complete=complete, is_empty=not (old.packages or new.packages)),
        complete=complete,
        fail_on=new.fail_on,
        old=old.targets,
        new=new.targets,
        packages=told,
        same=len(deltas) - len(told),
        errors=errors,
        notes=(*old.notes, *new.notes),
    )


def together(comparisons: Sequence[Comparison], empty: Comparison) -> Comparison:
    """Several comparisons as one, in their order; ``empty`` says what was compared."""
    ranks = (Outcome.FAIL, Outcome.INCOMPLETE, Outcome.PASS, Outcome.EMPTY)
    outcomes = {comparison.outcome for comparison in comparisons}
    return msgspec.structs.replace(
        empty,
        outcome=next((rank for rank in ranks if rank in outcomes), empty.outcome),
        complete=all(comparison.complete for comparison in comparisons),
        packages=tuple(delta for comparison in comparisons for delta in comparison.packages),
        same=sum(comparison.same for comparison in comparisons),
        errors=tuple(dict.fromkeys(row for comparison in comparisons for row in comparison.errors)),
    )


def _outcome(deltas: Sequence[Delta], new: Report, *, complete: bool, is_empty: bool) -> Outcome:
    fresh = [row for delta in deltas for row in delta.news]
    is_refused = new.fail_on is not None and any(delta.refused for delta in deltas)
    if is_refused or any(counts(row, new.fail_on) for row in fresh):
        return Outcome.FAIL
    if not complete:
        return Outcome.INCOMPLETE
    return Outcome.EMPTY if is_empty and Outcome.EMPTY is new.outcome else Outcome.PASS


def _by_name(report: Report) -> dict[str, list[Package]]:
    found: dict[str, list[Package]] = defaultdict(list)
    for package in report.packages:
        found[_name(package)].append(package)
    return found


def _name(package: Package) -> str:
    return UNOWNED if package.kind is PackageKind.UNOWNED else canonicalize_name(package.name)


def _names(*reports: Report) -> list[str]:
    return sorted({_name(package) for report in reports for package in report.packages})


def _delta(name: str, old: Sequence[Package], new: Sequence[Package], ceiling: Level | None) -> Delta:
    gone, fresh, shifts = _match(_findings(old), _findings(new))
    natives_old, natives_new = _natives(old), _natives(new)
    level = max((package.level for package in new), default=Level.NONE)
    is_over = not old and ceiling is not None and level > ceiling
    return Delta(
        file="",
        name=name,
        old=tuple(sorted({package.version for package in old})),
        new=tuple(sorted({package.version for package in new})),
        level_old=max((package.level for package in old), default=Level.NONE),
        level_new=level,
        begins=bool(old) and not any(map(_starts, old)) and any(map(_starts, new)),
        refused=f"a new package may be at most {ceiling.label}" if is_over and ceiling is not None else "",
        appeared=tuple(sorted(fresh, key=lambda row: -row.severity)),
        changed=tuple(sorted(shifts, key=lambda row: -row.finding.severity)),
        vanished=tuple(sorted(gone, key=lambda row: -row.severity)),
        native_appeared=_missing(natives_new, natives_old),
        native_vanished=_missing(natives_old, natives_new),
        not_analysed=tuple(_fresh_gaps(old, new)),
        uploaded_old=_uploaded(old),
        uploaded_new=_uploaded(new),
    )


def _has_news(delta: Delta) -> bool:
    parts = (delta.appeared, delta.changed, delta.vanished, delta.native_appeared, delta.native_vanished)
    return delta.old != delta.new or bool(delta.not_analysed) or any(parts)


def _findings(packages: Iterable[Package]) -> list[Finding]:
    return [finding for package in packages for finding in package.findings if finding.applies]


def _starts(package: Package) -> bool:
    return any(row.applies and row.trigger is Trigger.STARTUP for row in package.findings)


def _match(
    old: Sequence[Finding], new: Sequence[Finding]
) -> tuple[list[Finding], list[Finding], list[Shift]]:
    """What is only on the old side, only on the new one, and on both but not the same.

    The same evidence first; then the same code at the same place, however control gets there; then
    other code of the same kind in the same file, which has changed.
    """
    shifts: list[Shift] = []
    for key, word in ((_evidence, ""), (_code, ""), (_site, "the code there")):
        old, new, pairs = _paired(old, new, key)
        for before, after in pairs:
            detail = _difference(before, after, word)
            if detail:
                shifts.append(Shift(finding=after, detail=detail))
    return list(old), list(new), shifts


def _paired(
    old: Sequence[Finding], new: Sequence[Finding], key: Callable[[Finding], Hashable]
) -> tuple[list[Finding], list[Finding], list[tuple[Finding, Finding]]]:
    """Pairs of equal keys, in order, and what is left on either side."""
    waiting: dict[Hashable, list[Finding]] = defaultdict(list)
    for row in reversed(old):
        waiting[key(row)].append(row)
    pairs: list[tuple[Finding, Finding]] = []
    fresh: list[Finding] = []
    for row in new:
        found = waiting.get(key(row))
        if found:
            pairs.append((found.pop(), row))
        else:
            fresh.append(row)
    left = {id(row) for rows in waiting.values() for row in rows}
    return [row for row in old if id(row) in left], fresh, pairs


def _evidence(row: Finding) -> Hashable:
    return row.fingerprint


def _code(row: Finding) -> Hashable:
    return row.rule, row.api, row.path, " ".join(row.snippet.split())


def _site(row: Finding) -> Hashable:
    return row.rule, row.api, row.path


def _difference(before: Finding, after: Finding, word: str) -> str:
    """What makes the new finding another one, in words; empty when nothing does."""
    parts = [word] if word else []
    if is_earlier(after.trigger, before.trigger):
        parts.append(f"runs at {after.trigger.value}, ran at {before.trigger.value}")
    if after.severity > before.severity:
        parts.append(f"is {after.severity.label}, was {before.severity.label}")
    code = changes(listed(before.evidence), listed(after.evidence)) if before.evidence else ""
    if code:
        parts.append(code if after.trigger is not Trigger.STARTUP else f"startup code changed: {code}")
    return "; ".join(parts)


def _natives(packages: Iterable[Package]) -> dict[str, str]:
    return {TAG.sub("", path): path for package in packages for path in package.native}


def _missing(here: dict[str, str], there: dict[str, str]) -> tuple[str, ...]:
    return tuple(path for key, path in sorted(here.items()) if key not in there)


def _fresh_gaps(old: Sequence[Package], new: Sequence[Package]) -> list[Unread]:
    known = {row.fingerprint for package in old for row in package.not_analysed if leaves_gap(row)}
    rows = (row for package in new for row in package.not_analysed if leaves_gap(row))
    return [row for row in rows if row.fingerprint not in known]


def _uploaded(packages: Iterable[Package]) -> str:
    days = (package.origin.uploaded or "" for package in packages if package.origin is not None)
    return max(days, default="")
