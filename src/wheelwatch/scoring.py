"""From findings to one score, one level, and the parts that make them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import msgspec

from wheelwatch.catalogue.severity import weight
from wheelwatch.model import Finding, Level, RuleId, Severity, Trigger

BANDS: Mapping[Level, tuple[int, int]] = {
    Level.NONE: (0, 0),
    Level.LOW: (1, 29),
    Level.MEDIUM: (30, 59),
    Level.HIGH: (60, 84),
    Level.CRITICAL: (85, 100),
}
"""Lowest and highest score of each level."""

LEVELS: Mapping[Severity, Level] = {
    Severity.INFO: Level.NONE,
    Severity.LOW: Level.LOW,
    Severity.MEDIUM: Level.MEDIUM,
    Severity.HIGH: Level.HIGH,
    Severity.CRITICAL: Level.CRITICAL,
}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one (rule, trigger) pair gives to the score; the points of all parts add up to it."""

    rule: RuleId
    trigger: Trigger
    severity: Severity
    """The worst severity of the pair's findings."""
    points: int


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The score of one package, 0 to 100, in the band of its level; the first reason fixes the band."""

    score: int
    level: Level
    reasons: tuple[Part, ...] = ()


def score(findings: Iterable[Finding]) -> Score:
    """Score a package by its findings; those that do not apply count for nothing.

    The worst severity fixes the band; each further distinct (rule, trigger) pair moves the score through
    what is left of the band, by the weight of its worst severity. So the score depends neither on order
    nor on how code is split over files, and more findings never lower it.
    """
    pairs = _pairs(findings)
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return Score(score=0, level=Level.NONE)
    level = LEVELS[ranked[0][1]]
    low, high = BANDS[level]
    left = Fraction(1)
    reached = low
    parts = []
    for place, ((rule, trigger), severity) in enumerate(ranked):
        if place:
            left *= 1 - Fraction(weight(severity), 100)
        total = low + round((high - low) * (1 - left))
        points = total - reached if place else low
        parts.append(Part(rule=rule, trigger=trigger, severity=severity, points=points))
        reached = total
    return Score(score=reached, level=level, reasons=tuple(parts))


def _pairs(findings: Iterable[Finding]) -> dict[tuple[RuleId, Trigger], Severity]:
    """The worst severity of each (rule, trigger) pair that counts; info counts as none."""
    pairs: dict[tuple[RuleId, Trigger], Severity] = {}
    for finding in findings:
        if finding.applies and finding.severity > Severity.INFO:
            pair = (finding.rule, finding.trigger)
            pairs[pair] = max(finding.severity, pairs.get(pair, Severity.INFO))
    return pairs
