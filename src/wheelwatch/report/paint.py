"""Lines of styled spans, and their two forms: plain text, and text with terminal colours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wheelwatch import escape

STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "bold yellow",
    "low": "bold cyan",
    "info": "bold blue",
    "none": "bold green",
    "title": "bold",
    "gutter": "blue",
    "quiet": "dim",
    "error": "bold red",
}
"""What each style looks like, in rich's words."""


class Span(NamedTuple):
    """A piece of a line; ``style`` is a key of `STYLES`, or empty."""

    text: str
    style: str = ""


Line = Sequence[Span]


def join(lines: Iterable[Line], *, color: bool) -> str:
    """The lines as one text; rich is imported only for colour."""
    if not color:
        return escape.lines("".join("".join(span.text for span in line).rstrip() + "\n" for line in lines))
    return escape.lines("".join("".join(_painted(span) for span in line) + "\n" for line in lines))


def wrap(text: str, width: int) -> list[str]:
    """The text in rows of at most ``width`` columns; long words such as paths stay whole."""
    rows = textwrap.wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False)
    return rows or [""]


def _painted(span: Span) -> str:
    if not span.style or not span.text.strip():
        return span.text
    from rich.color import ColorSystem  # noqa: PLC0415 - costs more than a small scan
    from rich.style import Style  # noqa: PLC0415

    return Style.parse(STYLES[span.style]).render(span.text, color_system=ColorSystem.STANDARD)
