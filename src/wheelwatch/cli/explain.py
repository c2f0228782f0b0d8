"""``wheelwatch explain``: what a rule finds, why it matters, when it is fine, what to do instead."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from wheelwatch.cli import code
from wheelwatch.cli.stream import write
from wheelwatch.errors import UsageError

if TYPE_CHECKING:
    from wheelwatch.catalogue import Entry
    from wheelwatch.rules import Explanation

WIDTH = 88


def explain(
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE", help="Name of a rule, as reports and 'wheelwatch rules' show it."),
    ],
) -> int:
    """Explain one rule."""
    from wheelwatch.rules import explain as find  # noqa: PLC0415 - only for this verb

    explanation = find(rule)
    if explanation is None:
        raise UsageError(rule, "there is no rule of this name", _hint(rule))
    write(sys.stdout, "\n".join(_lines(explanation)) + "\n")
    return code.OK


def _hint(rule: str) -> str:
    import difflib  # noqa: PLC0415 - only for mistakes

    from wheelwatch.rules import RULES  # noqa: PLC0415

    near = difflib.get_close_matches(rule, [known.ID for known in RULES], n=1)
    return f"did you mean {near[0]}?" if near else "wheelwatch rules lists them all"


def _lines(explanation: Explanation) -> Iterator[str]:
    yield f"{explanation.id}: {explanation.title}"
    yield from _section("Why it matters", explanation.why)
    yield from _section("When it is fine", explanation.fine)
    yield from _section("Instead", explanation.instead)
    grades = (f"{trigger.value} {severity.label}" for trigger, severity in explanation.severities)
    yield from _section("Severity by when it runs", ", ".join(grades))
    for entry in explanation.entries:
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    """One row of the catalogue: when it exists, what it observes, its event, its names."""
    about = [f"Python {entry.pythons[0]} to {entry.pythons[-1]}", f"observes: {entry.observes}"]
    about.append(f"audit event: {entry.event or 'none'}")
    yield from _section(entry.title, "; ".join(about))
    names = ", ".join(name for _, named in entry.names for name in named)
    yield from textwrap.wrap(names, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _section(title: str, text: str) -> Iterator[str]:
    if text:
        yield ""
        yield title
        yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
