"""A comparison for humans: lines for a terminal, Markdown for a comment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wheelwatch.engine.verdict import counts
from wheelwatch.model import Comparison, Delta, Finding, Severity
from wheelwatch.report import phrase
from wheelwatch.report.markdown import ROOM, bullets, code
from wheelwatch.report.paint import Line, Span, join
from wheelwatch.report.selection import is_told

PLACES = 10
"""Findings of one kind that are shown without ``verbose``."""


def render(comparison: Comparison, *, color: bool = False, verbose: bool = False) -> str:
    """The comparison as text, packages that stop the run first."""
    return join(_Writer(comparison, verbose=verbose).lines(), color=color)


def summary(comparison: Comparison) -> str:
    """The verdict and what it rests on, in one line."""
    fresh = [row for delta in comparison.packages for row in delta.news]
    counted = phrase.severities([row for row in fresh if phrase.is_counted(row, comparison.fail_on)])
    gone = sum(len(delta.vanished) for delta in comparison.packages)
    parts = [f"{phrase.count(len(comparison.packages), 'package')} changed", f"new: {counted or 'nothing'}"]
    begins = sum(delta.begins for delta in comparison.packages)
    if begins:
        parts.append(f"{begins:,} of them new at startup")
    if gone:
        parts.append(f"{gone:,} gone")
    if comparison.errors:
        parts.append(phrase.count(len(comparison.errors), "error"))
    return f"{phrase.VERDICTS[comparison.outcome]}: {'; '.join(parts)} ({phrase.gate(comparison.fail_on)})"


def _ranked(comparison: Comparison) -> list[Delta]:
    """What stops the run first, then what begins to run at startup, then the worst."""

    def rank(delta: Delta) -> tuple[bool, bool, int]:
        is_stopping = bool(delta.refused) or any(counts(row, comparison.fail_on) for row in delta.news)
        worst = max((row.severity for row in delta.news), default=Severity.INFO)
        return not is_stopping, not delta.begins, -worst

    return sorted(comparison.packages, key=rank)


class _Writer:
    """Produces the lines of one comparison."""

    def __init__(self, comparison: Comparison, *, verbose: bool) -> None:
        self._comparison = comparison
        self._verbose = verbose

    def lines(self) -> Iterator[Line]:
        """Package after package, then the verdict."""
        for delta in _ranked(self._comparison):
            yield from self._delta(delta)
            yield ()
        yield (Span(summary(self._comparison), "title"),)

    def _delta(self, delta: Delta) -> Iterator[Line]:
        if delta.file:
            yield (Span(f"{phrase.shown(delta.file)}:", "gutter"),)
        yield (Span(phrase.shown(delta.name), "title"), Span(f"  {versions(delta)}  {levels(delta)}"))
        for text in headlines(delta):
            yield (Span("  ! ", "high"), Span(text, "title"))
        yield from self._findings("+", delta.appeared)
        details = {id(row.finding): row.detail for row in delta.changed}
        yield from self._findings("~", [row.finding for row in delta.changed], details)
        yield from self._findings("-", delta.vanished)
        for sign, paths in (("+", delta.native_appeared), ("-", delta.native_vanished)):
            for path in paths if self._verbose else paths[:PLACES]:
                yield (Span(f"  {sign} ", "gutter"), Span(f"native module  {phrase.shown(path)}"))
            yield from self._rest(sign, len(paths), "native module")
        for row in delta.not_analysed:
            yield (Span("  + ", "gutter"), Span(f"not analysed  {phrase.unread(row)}"))

    def _findings(
        self, sign: str, rows: Sequence[Finding], details: dict[int, str] | None = None
    ) -> Iterator[Line]:
        shown = [row for row in rows if self._verbose or is_told(row, self._comparison.fail_on)]
        for row in shown if self._verbose else shown[:PLACES]:
            label = row.severity.label
            yield (
                Span(f"  {sign} ", "gutter"),
                Span(f"{label:<8}", label),
                Span(f"  {row.rule}  {phrase.place(row.path, row.line)}  {phrase.shown(row.message)}"),
            )
            detail = (details or {}).get(id(row))
            if detail:
                yield (Span(f"      {phrase.shown(detail, 900)}", "quiet"),)
        yield from self._rest(sign, len(shown), "finding")
        folded = len(rows) - len(shown)
        if folded:
            yield (Span(f"  {sign} {phrase.count(folded, 'info finding')}, shown by --verbose", "quiet"),)

    def _rest(self, sign: str, count: int, noun: str) -> Iterator[Line]:
        if count > PLACES and not self._verbose:
            yield (Span(f"  {sign} {phrase.count(count - PLACES, f'more {noun}')}", "quiet"),)


def versions(delta: Delta) -> str:
    """``1.0 -> 2.0``, ``new 2.0``, ``gone, was 1.0``."""
    old, new = (", ".join(map(phrase.shown, side)) for side in (delta.old, delta.new))
    if not delta.old:
        return f"new {new}".rstrip()
    if not delta.new:
        return f"gone, was {old}"
    return f"{old} -> {new}" if old != new else new


def levels(delta: Delta) -> str:
    """The level, or both when it changed."""
    old, new = delta.level_old.label, delta.level_new.label
    if not delta.old:
        return new
    return old if old == new or not delta.new else f"{old} -> {new}"


def headlines(delta: Delta) -> Iterator[str]:
    """What nobody should miss."""
    if delta.begins:
        yield "begins to run code at every start of the interpreter"
    if delta.refused:
        yield delta.refused
    if delta.uploaded_new and delta.uploaded_new != delta.uploaded_old:
        yield f"uploaded {phrase.shown(delta.uploaded_new)}"


def markdown(comparison: Comparison) -> str:
    """The comparison for a comment, as much as fits."""
    verdict = phrase.VERDICTS[comparison.outcome]
    text = f"## wheelwatch diff: {verdict}\n\n{summary(comparison)}\n"
    tail = "".join(
        f"{line}\n"
        for line in bullets("Errors", (f"{code(row.where)}: {code(row.what)}" for row in comparison.errors))
    )
    ranked = _ranked(comparison)
    for number, delta in enumerate(ranked):
        part = "".join(f"{line}\n" for line in _section(delta, comparison.fail_on))
        if len(text) + len(part) + len(tail) + 100 > ROOM:
            text += f"\n{phrase.count(len(ranked) - number, 'more package')}, in the full report.\n"
            break
        text += part
    return text + tail


def _section(delta: Delta, fail_on: Severity | None) -> Iterator[str]:
    place = f"{code(delta.file)}: " if delta.file else ""
    yield f"\n### {place}{code(delta.name)} {code(versions(delta))} ({levels(delta)})\n"
    for text in headlines(delta):
        yield f"**{text}**\n"
    shown = [("new", row, "") for row in delta.appeared if is_told(row, fail_on)]
    shown += [
        ("changed", row.finding, row.detail) for row in delta.changed if is_told(row.finding, fail_on)
    ]
    shown += [("gone", row, "") for row in delta.vanished if is_told(row, fail_on)]
    if shown:
        yield from ("| | severity | rule | what | where |", "|---|---|---|---|---|")
    for word, row, detail in shown[:PLACES]:
        what = code(row.message) + (f"<br>{code(detail)}" if detail else "")
        place = code(phrase.place(row.path, row.line))
        yield f"| {word} | **{row.severity.label}** | {row.rule} | {what} | {place} |"
    if len(shown) > PLACES:
        yield f"\n{phrase.count(len(shown) - PLACES, 'more finding')}\n"
    for word, paths in (("New", delta.native_appeared), ("Gone", delta.native_vanished)):
        yield from bullets(f"{word} native modules", map(code, paths))
    yield from bullets("Not analysed", (code(phrase.unread(row)) for row in delta.not_analysed))
