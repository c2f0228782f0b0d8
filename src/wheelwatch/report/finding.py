"""One finding as lines: title, place, snippet, chain, and what to do instead; equal ones in short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wheelwatch import catalogue, escape, rules
from wheelwatch.model import Finding, Package, Severity, Step, Version
from wheelwatch.report import phrase
from wheelwatch.report.paint import Line, Span, wrap

IN_FULL = {Severity.LOW: 0, Severity.MEDIUM: 3}
"""How many findings of one rule, API and trigger are shown with snippet and chain; others all.

What is only a risk when somebody calls it is one line per place: an ordinary environment is full of it.
"""

PLACES = 5
"""How many of the others are listed by place."""

STEPS = 10
"""Steps shown of each end of a chain that is too long to be read."""

MESSAGE = 900
"""Characters of a message; it may repeat names of the target."""

STARTUP = "startup-"
"""Rules about startup lines: each line is a finding of its own, never shortened."""


class FindingWriter:
    """Produces the lines of findings; remembers which advice it gave."""

    def __init__(self, *, verbose: bool, width: int, counting: Sequence[Version]) -> None:
        self._verbose = verbose
        self._width = width
        self._counting = frozenset(counting)
        self._advised: set[str] = set()

    def all(self, findings: Sequence[Finding], package: Package) -> Iterator[Line]:
        """All of these, equal ones together where the first of them stands."""
        for group in self._groups(findings):
            limit = IN_FULL.get(group[0].severity, len(group))
            full = group if self._verbose or _is_startup(group[0]) else group[:limit]
            for finding in full:
                yield ()
                yield from self.one(finding, package.name)
            if len(full) < len(group):
                yield ()
                yield from self._short(group[len(full) :], is_new=not full)

    def one(self, finding: Finding, package: str) -> Iterator[Line]:
        """One finding in full."""
        yield from self._titled(finding)
        gutter = " " * len(str(finding.line)) if finding.line else " "
        where = phrase.place(finding.path, finding.line, finding.column)
        if where:
            yield (Span(f"{gutter}--> ", "gutter"), Span(where))
        yield from _snippet(finding, gutter, self._width)
        yield from self._remarks(finding, package, gutter)

    def title(self, label: str, rule: str, message: str, *, style: str) -> Iterator[Line]:
        """Severity, rule and message, the message in as many rows as it needs."""
        head = f"[{rule}]: "
        margin = len(label) + len(head)
        first, *rest = wrap(message, self._width - margin)
        yield (Span(label, style), Span(head + first, "title"))
        for row in rest:
            yield (Span(" " * margin + row, "title"),)

    def _titled(self, finding: Finding) -> Iterator[Line]:
        label = finding.severity.label
        style = label if finding.applies else "quiet"
        return self.title(label, finding.rule, phrase.shown(finding.message, MESSAGE), style=style)

    def _groups(self, findings: Sequence[Finding]) -> Iterator[list[Finding]]:
        groups: dict[object, list[Finding]] = {}
        for finding in findings:
            ruling = finding.standing and finding.standing.ruling
            key = (finding.rule, finding.api, finding.trigger, finding.severity, finding.applies, ruling)
            groups.setdefault(key, []).append(finding)
        yield from groups.values()

    def _short(self, findings: Sequence[Finding], *, is_new: bool) -> Iterator[Line]:
        """Findings that say the same as the first, by place."""
        if is_new:
            yield from self._titled(findings[0])
        else:
            count = phrase.count(len(findings), "more place")
            label = findings[0].severity.label
            yield from self.title(label, findings[0].rule, f"the same in {count}", style=label)
        # What is about a whole package has no place.
        shown = [finding for finding in findings if finding.path][:PLACES]
        places = [phrase.place(finding.path, finding.line, finding.column) for finding in shown]
        column = max(map(len, places), default=0)
        for where, finding in zip(places, shown, strict=True):
            code = _source(finding, self._width - column - 8)
            yield (Span("  --> ", "gutter"), Span(f"{where:<{column}}  ", "quiet"), Span(code))
        if shown and len(findings) > len(shown):
            yield (Span(f"  + {len(findings) - len(shown):,} more, shown by --verbose", "quiet"),)
        yield from self._remark(" ", "instead", self._advice(findings[0]))

    def _remarks(self, finding: Finding, package: str, gutter: str) -> Iterator[Line]:
        yield from self._remark(gutter, "on", self._versions(finding))
        if len(finding.chain) > 1:
            yield from _chain(finding.chain, package, gutter, self._width)
        yield from self._remark(gutter, "known good", escape.terminal(finding.known or ""))
        if finding.standing is not None:
            yield from self._remark(gutter, "gate", escape.terminal(phrase.standing(finding.standing)))
        if finding.confidence.value != "high":
            yield from self._remark(gutter, "confidence", finding.confidence.value)
        yield from self._remark(gutter, "instead", self._advice(finding))

    def _versions(self, finding: Finding) -> str:
        """On which Pythons it holds, where that is not on all that count."""
        if not finding.applies:
            return f"{phrase.pythons(finding.pythons)}, none of which counts here"
        if self._counting <= set(finding.pythons) and not _is_startup(finding):
            return ""
        return phrase.pythons(finding.pythons)

    def _remark(self, gutter: str, label: str, text: str) -> Iterator[Line]:
        if not text:
            return
        margin = f"{gutter} = {label}: "
        rows = wrap(text, self._width - len(margin))
        yield (Span(f"{gutter} = ", "gutter"), Span(f"{label}: ", "title"), Span(rows[0]))
        for row in rows[1:]:
            yield (Span(" " * len(margin) + row),)

    def _advice(self, finding: Finding) -> str:
        """What to do instead, by the API, else by the rule; each advice once in a report."""
        api = catalogue.apis().get(finding.api) if finding.api else None
        subject = api.row if api else finding.rule
        if subject in self._advised or finding.severity is Severity.INFO or finding.known:
            return ""
        self._advised.add(subject)
        if api is not None:
            return phrase.prose(api.instead)
        explanation = rules.explain(finding.rule)
        return phrase.prose(explanation.instead) if explanation else ""


def _is_startup(finding: Finding) -> bool:
    return finding.rule.startswith(STARTUP)


def _source(finding: Finding, room: int) -> str:
    """The first line of the snippet in at most ``room`` columns."""
    first, *rest = finding.snippet.strip().splitlines() or [""]
    source = escape.terminal(first.replace("\t", " ").strip())
    return _cut(f"{source} ..." if rest else source, room)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 3, 0)] + "..."


def _snippet(finding: Finding, gutter: str, width: int) -> Iterator[Line]:
    """The source line under its number, the site underlined."""
    source = _source(finding, width - len(gutter) - 3)
    if not finding.line or not source:
        return
    yield (Span(f"{gutter} |", "gutter"),)
    yield (Span(f"{finding.line} | ", "gutter"), Span(source))
    style = finding.severity.label if finding.applies else "quiet"
    yield (Span(f"{gutter} | ", "gutter"), Span("^" * len(source), style))


def _chain(chain: Sequence[Step], package: str, gutter: str, width: int) -> Iterator[Line]:
    """Every step on a line of its own, indented below the first, places aligned.

    Of a very long chain both ends: where it begins, and how it gets to the site.
    """
    cut = len(chain) - 2 * STEPS if len(chain) > 3 * STEPS else 0
    kept = (*chain[:STEPS], *chain[-STEPS:]) if cut else tuple(chain)
    steps = [phrase.step(step, package) for step in kept]
    column = min(max(len(where) for where, _ in steps), 48)
    for number, (where, what) in enumerate(steps):
        is_first = number == 0
        if cut and number == STEPS:
            yield (
                Span(f"{gutter}          ... {cut:,} more steps, all of them in the JSON report", "quiet"),
            )
        yield (
            Span(f"{gutter} = " if is_first else " " * (len(gutter) + 3), "gutter"),
            Span("chain: " if is_first else " " * 7, "title"),
            Span("   " if is_first else "-> ", "gutter"),
            Span(f"{where:<{column}}  ", "quiet"),
            Span(_cut(what, width - len(gutter) - 15 - max(column, len(where)))),
        )
