"""A report in the form that was asked for; only that form is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wheelwatch.cli.bundle import Look, Paper
from wheelwatch.cli.option import Format
from wheelwatch.cli.publishing import publish, width
from wheelwatch.errors import UsageError
from wheelwatch.model import Report


def render(report: Report, format_: Format, *, is_colored: bool = False, verbose: bool = False) -> str:
    """The whole report as text of one form."""
    match format_:
        case Format.TEXT:
            from wheelwatch.report import text  # noqa: PLC0415

            return text.render(report, color=is_colored, verbose=verbose, width=width())
        case Format.JSON:
            from wheelwatch.report import json  # noqa: PLC0415

            return json.render(report)
        case Format.SARIF:
            from wheelwatch.report import sarif  # noqa: PLC0415

            return sarif.render(report)
        case Format.GITHUB:
            from wheelwatch.report import github  # noqa: PLC0415

            return github.render(report)
        case Format.JUNIT:
            from wheelwatch.report import junit  # noqa: PLC0415

            return junit.render(report)
        case Format.MARKDOWN:
            from wheelwatch.report import markdown  # noqa: PLC0415

            return markdown.render(report)


def hand_out(report: Report, paper: Paper, reports: Sequence[tuple[Format, str]], look: Look) -> None:
    """The report to ``--output`` or stdout, and in every other form that was asked for to its file.

    Raises:
        UsageError: a file cannot be written; all others are.
    """
    failed: list[UsageError] = []
    rows = [(partial(_plain, report, form), path) for form, path in reports]
    for show, path in (*rows, (partial(_shown, report, paper.format_, look.verbose), paper.output)):
        try:
            publish(show, path, color=look.color)
        except UsageError as error:
            failed.append(error)
    if failed:
        raise failed[0]


def _plain(report: Report, format_: Format, _is_colored: bool) -> str:
    return render(report, format_)


def _shown(report: Report, format_: Format, verbose: bool, is_colored: bool) -> str:
    return render(report, format_, is_colored=is_colored, verbose=verbose)


def summary(report: Report) -> str:
    """The verdict and what it rests on, in one line."""
    from wheelwatch.report import phrase  # noqa: PLC0415 - only for those who see it

    return phrase.summary(report)
