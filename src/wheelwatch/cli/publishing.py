"""How a report leaves the program: to a file or stdout, errors and the summary to stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from wheelwatch.cli.option import Color, DiffFormat, Format, Plain
from wheelwatch.cli.stream import OutputGoneError, has_color, is_terminal, say, write, write_file
from wheelwatch.errors import UsageError
from wheelwatch.model import Comparison, Listing, Report

STDOUT = (None, "-")
"""Values of ``--output`` that are no file."""


def publish(render: Callable[[bool], str], output: str | None, *, color: Color) -> None:
    """Hands a report out; the verdict stands whether or not somebody reads it to the end.

    Args:
        render: gives the text, with or without colours.
        output: a file instead of stdout; ``-`` is stdout.
        color: the choice of the user.

    Raises:
        UsageError: the file cannot be written.
    """
    if output not in STDOUT:
        _publish_file(output, render(color is Color.ALWAYS))
        return
    text = render(has_color(sys.stdout, color))
    try:
        write(sys.stdout, text)
    except OutputGoneError:
        return


def _publish_file(path: str, text: str) -> None:
    hint = "name a file in a folder that exists and that this user may write to, or - for stdout"
    try:
        write_file(path, text)
    except OSError as error:
        what = f"the report cannot be written there: {error.strerror or error}"
        raise UsageError(path or "--output", what, hint) from None


def width() -> int:
    """Columns for a report: those of the terminal within reason, a fixed number elsewhere."""
    if not is_terminal(sys.stdout):
        return 100
    return max(80, min(shutil.get_terminal_size().columns, 120))


def conclude(
    report: Report | Listing | Comparison,
    summary: Callable[[], str],
    *,
    format_: Format | Plain | DiffFormat,
    output: str | None,
    quiet: bool,
) -> None:
    """Errors, and the summary where stdout does not show it."""
    if report.errors:
        from wheelwatch.report import text  # noqa: PLC0415 - only for those who see it

        say(text.errors(report.errors))
    if not (quiet or (output in STDOUT and format_ == Format.TEXT.value)):
        say(summary() + "\n")
