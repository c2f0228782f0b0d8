"""``wheelwatch scan``: judge wheels, folders and environments."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from typing import Annotated, Optional

import typer

from wheelwatch.cli import code
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.stream import OutputGoneError, has_color, is_terminal, say, write, write_file
from wheelwatch.errors import UsageError
from wheelwatch.limits import DEFAULT
from wheelwatch.model import SUPPORTED_PYTHONS, Report, Severity, Version


class Format(StrEnum):
    """Forms of the report."""

    TEXT = "text"
    JSON = "json"


class FailOn(StrEnum):
    """Thresholds of the gate."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    NEVER = "never"


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class As(StrEnum):
    """What a folder may be taken for: the kinds of ``sources``, which is loaded only when it is used."""

    ENVIRONMENT = "environment"
    SITE = "site"
    PROJECT = "project"
    COLLECTION = "collection"
    FOLDER = "folder"


def scan(  # noqa: PLR0917 - typer reads one parameter per option
    targets: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer evaluates it
        typer.Argument(
            metavar="[TARGET]...",
            help="Wheels, sdists, folders, site-packages, environments. Default: the active environment.",
            show_default=False,
        ),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", envvar="WHEELWATCH_FORMAT", help="Form of the report.")
    ] = Format.TEXT,
    output: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            envvar="WHEELWATCH_OUTPUT",
            help="Write the report there instead of to stdout.",
        ),
    ] = None,
    fail_on: Annotated[
        FailOn,
        typer.Option(
            envvar="WHEELWATCH_FAIL_ON", help="Severity from which a finding ends in exit code 1."
        ),
    ] = FailOn.HIGH,
    python_version: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            metavar="X.Y",
            envvar="WHEELWATCH_PYTHON_VERSION",
            help="Python version that counts; repeatable. Default: those that each target says itself.",
        ),
    ] = None,
    as_: Annotated[
        Optional[As],  # noqa: UP045
        typer.Option(
            "--as", envvar="WHEELWATCH_AS", help="Take folders for this, whatever they look like."
        ),
    ] = None,
    workers: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            min=1, metavar="N", envvar="WHEELWATCH_WORKERS", help="Worker processes. Default: one per core."
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", envvar="WHEELWATCH_QUIET", help="Nothing but errors on stderr.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", envvar="WHEELWATCH_VERBOSE", help="Show what is folded.")
    ] = False,
    color: Annotated[
        Color, typer.Option(envvar="WHEELWATCH_COLOR", help="Colours in the text report.")
    ] = Color.AUTO,
) -> int:
    """Judge packages by what runs before your code and what can watch it.

    Nothing of a target is ever run. Exit codes: 0 nothing at or over --fail-on, 1 something is, 2 the job
    could not be done in full, 3 nothing that could be scanned.
    """
    pythons = _versions(python_version or [])
    # The first worker loads the parser while this process loads everything else.
    from wheelwatch.engine.pool import Workers  # noqa: PLC0415

    runner = Workers(DEFAULT, workers or 0)
    try:
        runner.start()
        from wheelwatch.engine.run import Options  # noqa: PLC0415
        from wheelwatch.engine.run import scan as run  # noqa: PLC0415

        options = Options(
            fail_on=None if fail_on is FailOn.NEVER else Severity[fail_on.name],
            pythons=pythons,
            as_=as_.value if as_ is not None else None,
        )
        with Watcher(is_quiet=quiet) as watcher:
            report = run(tuple(targets or ()), options=options, observer=watcher, runner=runner)
    finally:
        runner.close()
    _publish(report, format_, output, color=color, verbose=verbose)
    _conclude(report, is_told=quiet or (output is None and format_ is Format.TEXT))
    return code.OF_OUTCOME[report.outcome]


def _versions(given: list[str]) -> tuple[Version, ...]:
    for version in given:
        if version not in SUPPORTED_PYTHONS:
            hint = f"choose from {', '.join(SUPPORTED_PYTHONS)}"
            raise UsageError("--python-version", f"{version} is not a version that wheelwatch judges", hint)
    return tuple(version for version in SUPPORTED_PYTHONS if version in given)


def _publish(report: Report, format_: Format, output: str | None, *, color: Color, verbose: bool) -> None:
    """Hands the report out; the verdict stands whether or not somebody reads it to the end."""
    if output is not None:
        text = _render(report, format_, is_colored=color is Color.ALWAYS, verbose=verbose)
        write_file(output, text)
        return
    text = _render(report, format_, is_colored=has_color(sys.stdout, color), verbose=verbose)
    try:
        write(sys.stdout, text)
    except OutputGoneError:
        return


def _render(report: Report, format_: Format, *, is_colored: bool, verbose: bool) -> str:
    if format_ is Format.JSON:
        from wheelwatch.report import json  # noqa: PLC0415 - only the wanted form is loaded

        return json.render(report)
    from wheelwatch.report import text  # noqa: PLC0415

    return text.render(report, color=is_colored, verbose=verbose, width=_width())


def _width() -> int:
    """Columns for the report: those of the terminal within reason, a fixed number elsewhere."""
    if not is_terminal(sys.stdout):
        return 100
    return max(80, min(shutil.get_terminal_size().columns, 120))


def _conclude(report: Report, *, is_told: bool) -> None:
    """Errors, and the summary where stdout does not show it."""
    if report.errors:
        from wheelwatch.report import text  # noqa: PLC0415

        say(text.errors(report))
    if not is_told:
        from wheelwatch.report import phrase  # noqa: PLC0415

        say(phrase.summary(report) + "\n")
