"""How a report leaves the program: to a file or stdout, errors and the summary to stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from wheelwatch.cli.option import Color, Format
from wheelwatch.cli.stream import OutputGoneError, has_color, is_terminal, say, write, write_file
from wheelwatch.model import Listing, Report


def publish(render: Callable[[bool], str], output: str | None, *, color: Color) -> None:
    """Hands a report out; the verdict stands whether or not somebody reads it to the end.

    Args:
        render: gives the text, with or without colours.
        output: a file instead of stdout.
        color: the choice of the user.
    """
    if output is not None:
        write_file(output, render(color is Color.ALWAYS))
        return
    text = render(has_color(sys.stdout, color))
    try:
        write(sys.stdout, text)
    except OutputGoneError:
        return


def width() -> int:
    """Columns for a report: those of the terminal within reason, a fixed number elsewhere."""
    if not is_terminal(sys.stdout):
        return 100
    return max(80, min(shutil.get_terminal_size().columns, 120))


def conclude(
    report: Report | Listing,
    summary: Callable[[], str],
    *,
    format_: Format,
    output: str | None,
    quiet: bool,
) -> None:
    """Errors, and the summary where stdout does not show it."""
    if report.errors:
        from wheelwatch.report import text  # noqa: PLC0415 - only for those who see it

        say(text.errors(report.errors))
    if not (quiet or (output is None and format_ is Format.TEXT)):
        say(summary() + "\n")
