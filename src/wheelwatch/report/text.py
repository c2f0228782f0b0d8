"""The report for a human at a terminal: findings as annotated snippets, worst package first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wheelwatch import catalogue, escape, rules
from wheelwatch.engine.verdict import ON_A_PATH, SEARCHED
from wheelwatch.model import Failure, Finding, Package, Report, Severity, Step, Unread
from wheelwatch.report import phrase
from wheelwatch.report.paint import Line, Span, join, wrap

UNREAD_RULE = "analysis-not-analysed"
"""Findings of this rule are shown as the list of files that were not analysed."""


def render(report: Report, *, color: bool = False, verbose: bool = False, width: int = 100) -> str:
    """The whole report as text, at most about ``width`` columns wide.

    Info findings are counted, not shown, unless ``verbose``; what runs at startup is always shown.
    Errors are counted; ``errors`` gives their text, which belongs on another stream.
    """
    return join(_Writer(verbose=verbose, width=width).report(report), color=color)


def errors(report: Report, *, color: bool = False) -> str:
    """What could not be done, and what to do about it."""
    return join((line for failure in report.errors for line in _failure(failure)), color=color)


class _Writer:
    """Produces the lines; remembers which advice was already given."""

    def __init__(self, *, verbose: bool, width: int) -> None:
        self._verbose = verbose
        self._width = width
        self._advised: set[str] = set()

    def report(self, report: Report) -> Iterator[Line]:
        worst_first = sorted(report.packages, key=lambda package: -package.score)
        told = [package for package in worst_first if self._verbose or self._has_news(package)]
        for package in told:
            yield from self._package(package)
            yield ()
        if len(told) < len(worst_first):
            yield from _quiet([package for package in worst_first if package not in told])
            yield ()
        yield (Span(phrase.summary(report), "title"),)

    def _has_news(self, package: Package) -> bool:
        return any(map(self._is_shown, package.findings)) or bool(self._unread_shown(package))

    def _package(self, package: Package) -> Iterator[Line]:
        yield from _header(package)
        shown = [finding for finding in package.findings if self._is_shown(finding)]
        for finding in shown:
            yield ()
            yield from self._finding(finding, package.name)
        yield from self._unread(package)
        folded = [finding for finding in package.findings if not _is_unread(finding)]
        yield from _folded(len(folded) - len(shown), "info finding")

    def _is_shown(self, finding: Finding) -> bool:
        if _is_unread(finding):
            return False
        if self._verbose or finding.rule.startswith("startup-"):
            return True
        return finding.applies and finding.severity > Severity.INFO

    def _finding(self, finding: Finding, package: str) -> Iterator[Line]:
        label = finding.severity.label
        style = label if finding.applies else "quiet"
        yield from self._title(label, finding.rule, escape.terminal(finding.message), style=style)
        gutter = " " * len(str(finding.line)) if finding.line else " "
        where = phrase.place(finding.path, finding.line, finding.column)
        if where:
            yield (Span(f"{gutter}--> ", "gutter"), Span(where))
        yield from _snippet(finding, gutter, self._width)
        yield from self._remarks(finding, package, gutter)

    def _title(self, label: str, rule: str, message: str, *, style: str) -> Iterator[Line]:
        head = f"[{rule}]: "
        margin = len(label) + len(head)
        first, *rest = wrap(message, self._width - margin)
        yield (Span(label, style), Span(head + first, "title"))
        for row in rest:
            yield (Span(" " * margin + row, "title"),)

    def _remarks(self, finding: Finding, package: str, gutter: str) -> Iterator[Line]:
        versions = phrase.pythons(finding.pythons)
        if not finding.applies:
            versions += ", none of which counts here"
        yield from self._remark(gutter, "on", versions)
        if len(finding.chain) > 1:
            yield from _chain(finding.chain, package, gutter)
        if finding.known:
            yield from self._remark(gutter, "known good", escape.terminal(finding.known))
        if finding.confidence.value != "high":
            yield from self._remark(gutter, "confidence", finding.confidence.value)
        advice = self._advice(finding)
        if advice:
            yield from self._remark(gutter, "instead", advice)

    def _remark(self, gutter: str, label: str, text: str) -> Iterator[Line]:
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

    def _unread(self, package: Package) -> Iterator[Line]:
        shown = self._unread_shown(package)
        if shown:
            yield ()
        for unread, grade in shown:
            yield from self._title(grade.label, UNREAD_RULE, phrase.unread(unread), style=grade.label)
        yield from _folded(len(package.not_analysed) - len(shown), "unread file")

    def _unread_shown(self, package: Package) -> list[tuple[Unread, Severity]]:
        """What was not analysed and is worth a line, with its severity."""
        grades = {f.fingerprint: f.severity for f in package.findings if _is_unread(f)}
        graded = [(entry, grades.get(entry.fingerprint, Severity.INFO)) for entry in package.not_analysed]
        return [(entry, grade) for entry, grade in graded if self._verbose or _decides(entry, grade)]


def _header(package: Package) -> Iterator[Line]:
    name = f"{escape.terminal(package.name)} {escape.terminal(package.version)}".rstrip()
    level = package.level.label
    score = f"score {package.score}"
    yield (
        Span(name, "title"),
        Span(f"  {package.kind.value}  "),
        Span(level, level),
        Span(f"  {score}  "),
        Span(escape.terminal(package.location), "quiet"),
    )


def _quiet(packages: Sequence[Package]) -> Iterator[Line]:
    """The packages about which there is nothing to tell, in one line."""
    infos = sum(len(package.findings) for package in packages)
    verb = "has" if len(packages) == 1 else "have"
    text = f"{phrase.count(len(packages), 'package')} {verb} no finding above info"
    more = f" ({phrase.count(infos, 'info finding')}, shown by --verbose)" if infos else ""
    yield (Span(text + more, "quiet"),)


def _is_unread(finding: Finding) -> bool:
    return finding.rule == UNREAD_RULE


def _decides(unread: Unread, grade: Severity) -> bool:
    """It can move the verdict: where it runs, by its grade, or because nobody knows what it holds."""
    return unread.trigger in ON_A_PATH or grade > Severity.INFO or unread.reason not in SEARCHED


def _snippet(finding: Finding, gutter: str, width: int) -> Iterator[Line]:
    """The source line under its number, the site underlined."""
    if not finding.line or not finding.snippet.strip():
        return
    room = width - len(gutter) - 3
    source = escape.terminal(finding.snippet.splitlines()[0].replace("\t", " ").strip())
    cut = source if len(source) <= room else source[: room - 3] + "..."
    yield (Span(f"{gutter} |", "gutter"),)
    yield (Span(f"{finding.line} | ", "gutter"), Span(cut))
    style = finding.severity.label if finding.applies else "quiet"
    yield (Span(f"{gutter} | ", "gutter"), Span("^" * len(cut), style))


def _chain(chain: Sequence[Step], package: str, gutter: str) -> Iterator[Line]:
    """Every step on a line of its own, indented below the first, places aligned."""
    steps = [phrase.step(step, package) for step in chain]
    column = min(max(len(where) for where, _ in steps), 48)
    for number, (where, what) in enumerate(steps):
        label = "chain: " if number == 0 else ""
        lead = f"{gutter} = " if number == 0 else " " * (len(gutter) + 3)
        arrow = "   " if number == 0 else "-> "
        yield (
            Span(lead, "gutter"),
            Span(label or " " * 7, "title"),
            Span(arrow, "gutter"),
            Span(f"{where:<{column}}  ", "quiet"),
            Span(what),
        )


def _folded(number: int, noun: str) -> Iterator[Line]:
    if number > 0:
        yield (Span(f"  + {phrase.count(number, noun)}, shown by --verbose", "quiet"),)


def _failure(failure: Failure) -> Iterator[Line]:
    yield (
        Span("error", "error"),
        Span(f": {escape.terminal(failure.where)}: {escape.terminal(failure.what)}"),
    )
    if failure.hint:
        yield (Span("  hint: ", "title"), Span(escape.terminal(failure.hint)))
