"""The boot sequence for a human: every step under its stage, with owner, verdict and what it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wheelwatch import escape
from wheelwatch.model import Finding, Listing, Order, PackageKind, Severity, Start, StartupKind, Turn
from wheelwatch.report import phrase
from wheelwatch.report.paint import Line, Span, join, wrap
from wheelwatch.report.selection import is_folded

STAGES = {
    "interpreter": "before site: what the interpreter itself looks at",
    "site": "site: lines of .pth files",
    "starts": "site: entries of .start files",
    "sitecustomize": "sitecustomize",
    "usercustomize": "usercustomize",
    "later": "later: when a module of the standard library, or a tool, first asks for it",
}
"""The stages of a start in words."""

PLAIN = frozenset({"startup-line", "startup-entry", "startup-module", "startup-path"})
"""Rules that say of a step only that it is one."""

PLACES = 5
"""Sites and modules of a step that are listed without ``verbose``."""

INDENT = " " * 5


def render(listing: Listing, *, color: bool = False, verbose: bool = False, width: int = 100) -> str:
    """The whole listing as text, at most about ``width`` columns wide."""
    return join(_Writer(verbose=verbose, width=width).lines(listing), color=color)


def summary(listing: Listing) -> str:
    """The verdict and what it rests on, in one line."""
    turns = [turn for start in listing.starts for order in start.orders for turn in order.steps]
    steps = {(turn.root, turn.package, turn.path, turn.line, turn.kind, turn.text) for turn in turns}
    loose = [finding for start in listing.starts for finding in start.findings]
    told = {row.fingerprint: row for row in [*(row for turn in turns for row in turn.findings), *loose]}
    counted = phrase.severities([row for row in told.values() if row.severity > Severity.INFO])
    parts = [phrase.count(len(steps), "startup step"), counted or "no findings"]
    missing = sum(len(start.not_analysed) for start in listing.starts)
    if missing:
        parts.append(f"{phrase.count(missing, 'file')} not analysed")
    if listing.errors:
        parts.append(phrase.count(len(listing.errors), "error"))
    return f"{phrase.VERDICTS[listing.outcome]}: {'; '.join(parts)} ({phrase.gate(listing.fail_on)})"


class _Writer:
    """Produces the lines of one listing."""

    def __init__(self, *, verbose: bool, width: int) -> None:
        self._verbose = verbose
        self._width = width

    def lines(self, listing: Listing) -> Iterator[Line]:
        """Set after set, then the verdict."""
        for start in listing.starts:
            yield (Span(phrase.shown(start.target), "title"),)
            for order in start.orders:
                yield ()
                yield from self._order(order)
            yield from self._loose(start)
            yield ()
        yield (Span(summary(listing), "title"),)

    def _order(self, order: Order) -> Iterator[Line]:
        versions = phrase.pythons(order.pythons)
        if not order.steps:
            yield (Span(versions, "title"), Span(": nothing runs before a program"))
            return
        yield (Span(versions, "title"), Span(f": {phrase.count(len(order.steps), 'step')}"))
        has_roots = len({turn.root for turn in order.steps}) > 1
        phase = ""
        for number, turn in enumerate(order.steps, 1):
            if turn.phase != phase:
                phase = turn.phase
                yield ()
                yield (Span(f"  {STAGES[phase]}", "gutter"),)
            yield from self._turn(number, turn, has_roots=has_roots)

    def _turn(self, number: int, turn: Turn, *, has_roots: bool) -> Iterator[Line]:
        word, style = _verdict(turn)
        yield (
            Span(f"{number:>4} ", "gutter"),
            Span(f"{word:<8}", style),
            Span(f"  {phrase.place(turn.path, turn.line)}", "title"),
            Span(f"  {_owner(turn)}"),
        )
        if has_roots and turn.root:
            yield from self._remark("in", phrase.shown(turn.root))
        if turn.text.strip():
            yield (Span(f"{INDENT}| ", "gutter"), Span(self._cut(escape.terminal(turn.text.strip()))))
        yield from self._remark("known good", phrase.shown(turn.known or ""))
        for row in turn.findings:
            if row.standing is not None and row.rule in PLAIN:
                yield from self._remark("gate", phrase.shown(phrase.standing(row.standing), 900))
        yield from self._remark("adds to the import path", _destination(turn))
        yield from self._remark("note", phrase.shown(turn.detail))
        yield from self._remark("runs", self._listed(turn.modules))
        yield from self._remark("not there", self._listed(turn.missing))
        yield from self._findings(turn)

    def _findings(self, turn: Turn) -> Iterator[Line]:
        """What the rules say of the step besides that it is one, then what it reaches."""
        told = [row for row in turn.findings if row.rule not in PLAIN]
        shown = [row for row in told if self._verbose or _is_open(row)]
        for row in shown if self._verbose else shown[:PLACES]:
            yield from self._finding(row)
        if len(shown) > PLACES and not self._verbose:
            yield (Span(f"{INDENT}  + {len(shown) - PLACES:,} more, shown by --verbose", "quiet"),)

    def _finding(self, row: Finding) -> Iterator[Line]:
        if row.chain and row.api is not None and row.line:
            guards = dict.fromkeys(step.guard for step in row.chain if step.guard)
            condition = phrase.condition("; ".join(guards)) if guards else ""
            where = phrase.place(row.path, row.line)
            told = f"reaches {phrase.shown(row.api)}  {where}" + (f"  ({condition})" if condition else "")
        else:
            told = f"[{row.rule}] {phrase.shown(row.message)}"
        head = f"{INDENT}> {row.severity.label}: "
        first, *rest = wrap(told, self._width - len(head))
        yield (
            Span(f"{INDENT}> ", "gutter"),
            Span(row.severity.label, row.severity.label),
            Span(f": {first}"),
        )
        for line in rest:
            yield (Span(" " * len(head) + line),)

    def _loose(self, start: Start) -> Iterator[Line]:
        """What is about startup, but has no step to stand at."""
        rows = [row for row in start.findings if self._verbose or row.severity > Severity.INFO]
        if rows:
            yield ()
        for row in rows:
            where = phrase.place(row.path, row.line)
            label = row.severity.label
            told = f"[{row.rule}]: {where}: {phrase.shown(row.message)}"
            yield (Span(label, label if row.applies else "quiet"), Span(told))

    def _remark(self, label: str, text: str) -> Iterator[Line]:
        if not text:
            return
        margin = f"{INDENT}= {label}: "
        first, *rest = wrap(text, self._width - len(margin))
        yield (Span(f"{INDENT}= ", "gutter"), Span(f"{label}: ", "title"), Span(first))
        for row in rest:
            yield (Span(" " * len(margin) + row),)

    def _listed(self, names: Sequence[str]) -> str:
        shown = names if self._verbose else names[:PLACES]
        text = ", ".join(phrase.shown(name) for name in shown)
        return f"{text} and {len(names) - len(shown):,} more" if len(shown) < len(names) else text

    def _cut(self, text: str) -> str:
        room = self._width - len(INDENT) - 2
        return text if len(text) <= room or self._verbose else text[: room - 3] + "..."


def _verdict(turn: Turn) -> tuple[str, str]:
    """``known`` when it is and leads to nothing else, else the worst severity; and the style of it."""
    if turn.known is not None and turn.severity is Severity.INFO:
        return "known", "none"
    return turn.severity.label, turn.severity.label


def _is_open(row: Finding) -> bool:
    """It is more than information, and nobody approved it."""
    return row.severity > Severity.INFO and not is_folded(row)


def _owner(turn: Turn) -> str:
    if turn.owner is PackageKind.UNOWNED:
        return "owned by no distribution"
    return f"{phrase.shown(turn.package)} {phrase.shown(turn.version)}".rstrip()


def _destination(turn: Turn) -> str:
    is_path = turn.kind is StartupKind.PTH_PATH
    return (phrase.shown(turn.target) or "the site directory itself") if is_path else ""
