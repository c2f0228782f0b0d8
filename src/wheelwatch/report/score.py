"""The score of a package taken apart: what fixed its band, what moved it, what would bring it down."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from wheelwatch import scoring
from wheelwatch.model import Finding, Level, Package, Severity
from wheelwatch.report import phrase
from wheelwatch.report.paint import Line, Span, wrap
from wheelwatch.scoring import BANDS, Part

TERMS = 4
"""Terms of a score that one line holds."""

MESSAGE, WIDTH, MARGIN = 900, 100, " " * 6
PLACES = 3
"""Places that are named for one part of a score."""


def sum_of(package: Package, width: int) -> Iterator[Line]:
    """``score 67 = 60 hook-trace at startup + 7 ...``; nothing when one part is the whole of it."""
    reasons = scoring.score(package.findings).reasons
    if len(reasons) < 2:
        return
    terms = [f"{part.points} {_name(part)}" for part in reasons[:TERMS]]
    rest = reasons[TERMS:]
    if rest:
        terms.append(f"{sum(part.points for part in rest)} for {len(rest)} more")
    for row in wrap(f"{package.score} = {' + '.join(terms)}", max(width - 2, 20)):
        yield (Span(f"  {row}", "quiet"),)


def explained(package: Package) -> Iterator[str]:
    """Every part with its findings, and what the level would be without the worst of them."""
    score = scoring.score(package.findings)
    low, high = BANDS[score.level]
    head = f"{phrase.shown(package.name)} {phrase.shown(package.version)}".rstrip()
    yield f"{head}: {score.level.label}, score {score.score}"
    if not score.reasons:
        yield "  no finding above info applies here, so there is nothing to score"
        return
    band = f"{score.level.label} is {low} to {high}"
    yield f"  {band}: the worst finding fixes the band, others move the score"
    for place, part in enumerate(score.reasons):
        yield ""
        role = f"fixes the band at {part.points}" if not place else f"adds {part.points}"
        yield f"  {_name(part)} ({part.severity.label}): {role}"
        yield from _places(_of(package.findings, part), part)
    yield ""
    yield from _relief(package.findings, score.reasons)


def _name(part: Part) -> str:
    return f"{part.rule} at {part.trigger.value}"


def _of(findings: Sequence[Finding], part: Part) -> list[Finding]:
    """The findings of one part, the worst first."""
    own = [f for f in findings if f.applies and (f.rule, f.trigger) == (part.rule, part.trigger)]
    return sorted((f for f in own if f.severity > Severity.INFO), key=lambda f: -f.severity)


def _places(findings: Sequence[Finding], part: Part) -> Iterator[str]:
    for finding in findings[:PLACES]:
        where = phrase.place(finding.path, finding.line, finding.column) or "the package as a whole"
        grade = f"{finding.severity.label}, " if finding.severity is not part.severity else ""
        yield f"    {where}  {grade}{finding.fingerprint}"
        yield from textwrap.wrap(
            phrase.shown(finding.message, MESSAGE), WIDTH, initial_indent=MARGIN, subsequent_indent=MARGIN
        )
    if len(findings) > PLACES:
        yield f"    and {phrase.count(len(findings) - PLACES, 'more place')}"


def _relief(findings: Sequence[Finding], reasons: Sequence[Part]) -> Iterator[str]:
    """What the package would be without all parts of the worst severity, and then of the next."""
    yield "  What would bring it down"
    left = list(findings)
    for severity in sorted({part.severity for part in reasons}, reverse=True):
        gone = [part for part in reasons if part.severity is severity]
        pairs = {(part.rule, part.trigger) for part in gone}
        left = [finding for finding in left if (finding.rule, finding.trigger) not in pairs]
        score = scoring.score(left)
        names = ", ".join(_name(part) for part in gone[:TERMS])
        more = f" and {len(gone) - TERMS} more" if len(gone) > TERMS else ""
        yield f"    without {names}{more}: {score.level.label}, score {score.score}"
        if score.level is Level.NONE:
            break
