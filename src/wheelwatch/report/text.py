"""The report for a human at a terminal: findings as annotated snippets, worst package first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wheelwatch import escape
from wheelwatch.engine.verdict import ON_A_PATH, SEARCHED
from wheelwatch.model import Failure, Finding, Origin, Package, Report, Severity, Unread
from wheelwatch.report import phrase
from wheelwatch.report.finding import FindingWriter
from wheelwatch.report.paint import Line, Span, join
from wheelwatch.report.score import sum_of
from wheelwatch.report.selection import is_folded, is_told

ENTRIES = 10
"""Entries of a baseline that are named."""

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
        self._width = width
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
        yield from _ledger(self._report)
        yield (Span(phrase.summary(self._report), "title"),)

    def _has_news(self, package: Package) -> bool:
        return any(map(self._is_shown, package.findings)) or bool(self._unread_shown(package))

    def _package(self, package: Package) -> Iterator[Line]:
        yield from _header(package)
        yield from sum_of(package, self._width)
        if package.origin is not None:
            yield from _asked(package.origin)
        if self._verbose:
            yield from _effort(package)
        shown = [finding for finding in package.findings if self._is_shown(finding)]
        yield from self._findings.all(shown, package)
        yield from self._unread(package)
        folded = [row for row in package.findings if not _is_unread(row) and not self._is_shown(row)]
        approved = sum(is_folded(row) for row in folded)
        yield from _folded(approved, "approved finding")
        yield from _folded(len(folded) - approved, "info finding")

    def _is_shown(self, finding: Finding) -> bool:
        if _is_unread(finding):
            return False
        if finding.standing is not None and not self._verbose:
            return not is_folded(finding)
        return self._verbose or is_told(finding, self._report.fail_on)

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
        return [
            (entry, grade)
            for entry, grade in graded
            if self._verbose or (not _is_taken(entry) and _decides(entry, grade))
        ]


def _header(package: Package) -> Iterator[Line]:
    name = f"{phrase.shown(package.name)} {phrase.shown(package.version)}".rstrip()
    level = package.level.label
    score = f"score {package.score}"
    # An address is long, and its last part says all that a reader needs.
    location = package.location.rpartition("/")[2] if package.origin else package.location
    yield (
        Span(name, "title"),
        Span(f"  {package.kind.value}  "),
        Span(level, level),
        Span(f"  {score}  "),
        Span(phrase.shown(location), "quiet"),
    )


def _asked(origin: Origin) -> Iterator[Line]:
    """Who asked for the package, where, and since when the index has it."""
    names = " -> ".join(map(phrase.shown, origin.path))
    where = phrase.place(origin.file, origin.line) if origin.file else "the command line"
    text = (
        f"asked for by {phrase.shown(origin.requirement)} ({where})" if origin.requirement else "asked for"
    )
    parts = [f"{text}: {names}" if len(origin.path) > 1 else text]
    if origin.uploaded:
        parts.append(f"uploaded {phrase.shown(origin.uploaded)}")
    yield (Span(f"  {'; '.join(parts)}", "quiet"),)


def _quiet(packages: Sequence[Package]) -> Iterator[Line]:
    """The packages about which there is nothing to tell, in one line."""
    infos = sum(len(package.findings) for package in packages)
    verb = "has" if len(packages) == 1 else "have"
    text = f"{phrase.count(len(packages), 'package')} {verb} no finding above info"
    more = f" ({phrase.count(infos, 'info finding')}, shown by --verbose)" if infos else ""
    yield (Span(text + more, "quiet"),)


def _ledger(report: Report) -> Iterator[Line]:
    """The entries of the baseline that approve nothing any more."""
    if report.baseline is None:
        return
    for word, rows in (("expired", report.baseline.expired), ("stale", report.baseline.stale)):
        for row in rows[:ENTRIES]:
            where = f"{phrase.shown(row.package)} {phrase.shown(row.rule)} {phrase.shown(row.path)}"
            yield (Span(f"{word} approval", "title"), Span(f": {where}  ({phrase.shown(row.fingerprint)})"))
        yield from _folded(len(rows) - ENTRIES, f"{word} approval", "all of them in the JSON report")
        if rows:
            yield ()


def _is_unread(finding: Finding) -> bool:
    return finding.rule == UNREAD_RULE


def _is_taken(unread: Unread) -> bool:
    """Somebody approved that nobody knows what it holds."""
    return unread.standing is not None and unread.standing.is_suppressed


def _decides(unread: Unread, grade: Severity) -> bool:
    """It can move the verdict: where it runs, by its grade, or because nobody knows what it holds."""
    return unread.trigger in ON_A_PATH or grade > Severity.INFO or unread.reason not in SEARCHED


def _effort(package: Package) -> Iterator[Line]:
    """How far the search for chains went, as far as this run has searched."""
    effort = package.effort
    parts = [f"looked into {phrase.count(effort.asked, 'file')}"] if effort.asked else []
    if effort.cut:
        parts.append(f"{phrase.count(effort.cut, 'way')} cut off by limits")
    if effort.failed:
        parts.append(f"{phrase.count(effort.failed, 'group')} of files not read together")
    if parts:
        yield (Span("  reach: " + ", ".join(parts), "quiet"),)


def _folded(number: int, noun: str, where: str = "shown by --verbose") -> Iterator[Line]:
    if number > 0:
        yield (Span(f"  + {phrase.count(number, noun)}, {where}", "quiet"),)


def _failure(failure: Failure) -> Iterator[Line]:
    yield (
        Span("error", "error"),
        Span(f": {escape.terminal(failure.where)}: {escape.terminal(failure.what)}"),
    )
    if failure.hint:
        yield (Span("  hint: ", "title"), Span(escape.terminal(failure.hint)))
