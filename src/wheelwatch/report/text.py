"""The report for a human at a terminal: findings as annotated snippets, worst package first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wheelwatch import escape
from wheelwatch.engine.verdict import ON_A_PATH, SEARCHED
from wheelwatch.model import Failure, Finding, Package, Report, Severity, Unread
from wheelwatch.report import phrase
from wheelwatch.report.finding import STARTUP, FindingWriter
from wheelwatch.report.paint import Line, Span, join

UNREAD_RULE = "analysis-not-analysed"
"""Findings of this rule are shown as the list of files that were not analysed."""


def render(report: Report, *, color: bool = False, verbose: bool = False, width: int = 100) -> str:
    """The whole report as text, at most about ``width`` columns wide.

    Info findings are counted, not shown, unless ``verbose``; what runs at startup is always shown.
    Errors are counted; ``errors`` gives their text, which belongs on another stream.
    """
    return join(_Writer(report, verbose=verbose, width=width).lines(), color=color)


def errors(failures: Sequence[Failure], *, color: bool = False) -> str:
    """What could not be done, and what to do about it."""
    return join((line for failure in failures for line in _failure(failure)), color=color)


class _Writer:
    """Produces the lines of one report."""

    def __init__(self, report: Report, *, verbose: bool, width: int) -> None:
        self._report = report
        self._verbose = verbose
        self._findings = FindingWriter(verbose=verbose, width=width, counting=report.pythons)

    def lines(self) -> Iterator[Line]:
        """The report, worst package first."""
        worst_first = sorted(self._report.packages, key=lambda package: -package.score)
        told = [package for package in worst_first if self._verbose or self._has_news(package)]
        for package in told:
            yield from self._package(package)
            yield ()
        if len(told) < len(worst_first):
            yield from _quiet([package for package in worst_first if package not in told])
            yield ()
        yield (Span(phrase.summary(self._report), "title"),)

    def _has_news(self, package: Package) -> bool:
        return any(map(self._is_shown, package.findings)) or bool(self._unread_shown(package))

    def _package(self, package: Package) -> Iterator[Line]:
        yield from _header(package)
        shown = [finding for finding in package.findings if self._is_shown(finding)]
        yield from self._findings.all(shown, package)
        yield from self._unread(package)
        folded = [finding for finding in package.findings if not _is_unread(finding)]
        yield from _folded(len(folded) - len(shown), "info finding")

    def _is_shown(self, finding: Finding) -> bool:
        if _is_unread(finding):
            return False
        if self._verbose or finding.rule.startswith(STARTUP):
            return True
        return finding.applies and finding.severity > Severity.INFO

    def _unread(self, package: Package) -> Iterator[Line]:
        shown = self._unread_shown(package)
        if shown:
            yield ()
        for unread, grade in shown:
            yield from self._findings.title(
                grade.label, UNREAD_RULE, phrase.unread(unread), style=grade.label
            )
        yield from _folded(len(package.not_analysed) - len(shown), "unread file")

    def _unread_shown(self, package: Package) -> list[tuple[Unread, Severity]]:
        """What was not analysed and is worth a line, with its severity."""
        grades = {f.fingerprint: f.severity for f in package.findings if _is_unread(f)}
        graded = [(entry, grades.get(entry.fingerprint, Severity.INFO)) for entry in package.not_analysed]
        return [(entry, grade) for entry, grade in graded if self._verbose or _decides(entry, grade)]


def _header(package: Package) -> Iterator[Line]:
    name = f"{phrase.shown(package.name)} {phrase.shown(package.version)}".rstrip()
    level = package.level.label
    score = f"score {package.score}"
    yield (
        Span(name, "title"),
        Span(f"  {package.kind.value}  "),
        Span(level, level),
        Span(f"  {score}  "),
        Span(phrase.shown(package.location), "quiet"),
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
