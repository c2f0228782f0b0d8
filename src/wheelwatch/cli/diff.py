"""``wheelwatch diff``: what a new version adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wheelwatch.cli import code
from wheelwatch.cli.option import (
    AsOption,
    CacheOption,
    Color,
    ColorOption,
    ConfigOption,
    DiffFormat,
    GateFailOnOption,
    OutputOption,
    PythonOption,
    QuietOption,
    VerboseOption,
    WorkersOption,
    versions,
)
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.publishing import conclude, publish
from wheelwatch.limits import DEFAULT

if TYPE_CHECKING:
    from wheelwatch.engine.run import Options
    from wheelwatch.model import Comparison, Report


def diff(  # noqa: PLR0917 - typer reads one parameter per option
    old: Annotated[str, typer.Argument(metavar="OLD", help="What is there: anything that scan takes.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What would take its place.")],
    format_: Annotated[
        DiffFormat, typer.Option("--format", envvar="WHEELWATCH_FORMAT", help="Form of the comparison.")
    ] = DiffFormat.TEXT,
    output: OutputOption = None,
    fail_on: GateFailOnOption = None,
    config: ConfigOption = None,
    python_version: PythonOption = None,
    as_: AsOption = None,
    workers: WorkersOption = None,
    no_cache: CacheOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    color: ColorOption = Color.AUTO,
) -> int:
    """Compare two versions: what appeared, what changed, what is gone.

    Wheels, sdists, folders, environments. Only what is new decides the exit code: 0 nothing at or over
    --fail-on, 1 something is, 2 the job could not be done in full, 3 nothing that could be scanned.
    """
    pythons = versions(python_version)
    from wheelwatch.cli.gating import gather, limit  # noqa: PLC0415 - after usage is checked
    from wheelwatch.engine.cache import opened  # noqa: PLC0415
    from wheelwatch.engine.run import Options  # noqa: PLC0415
    from wheelwatch.gate import compare, govern  # noqa: PLC0415

    gate = gather((old, new), config, None, quiet=quiet)
    options = Options(
        fail_on=limit(fail_on, gate),
        pythons=pythons,
        as_=as_.value if as_ is not None else None,
        workers=workers or 0,
        cache=None if no_cache else opened(DEFAULT),
    )
    sides = [govern(_report(side, options, quiet=quiet), gate) for side in (old, new)]
    comparison = compare(*sides, ceiling=gate.policy.ceiling)
    publish(
        lambda is_colored: _render(comparison, format_, is_colored=is_colored, verbose=verbose),
        output,
        color=color,
    )
    conclude(comparison, lambda: _summary(comparison), format_=format_, output=output, quiet=quiet)
    return code.OF_OUTCOME[comparison.outcome]


def _report(side: str, options: Options, *, quiet: bool) -> Report:
    from wheelwatch.engine.run import scan  # noqa: PLC0415

    with Watcher(is_quiet=quiet) as watcher:
        return scan((side,), options=options, observer=watcher)


def _render(comparison: Comparison, format_: DiffFormat, *, is_colored: bool, verbose: bool) -> str:
    if format_ is DiffFormat.JSON:
        from wheelwatch.report import delta  # noqa: PLC0415 - only the wanted form is loaded

        return delta.render(comparison)
    from wheelwatch.report import comparison as form  # noqa: PLC0415

    if format_ is DiffFormat.MARKDOWN:
        return form.markdown(comparison)
    return form.render(comparison, color=is_colored, verbose=verbose)


def _summary(comparison: Comparison) -> str:
    from wheelwatch.report import comparison as form  # noqa: PLC0415 - only for those who see it

    return form.summary(comparison)
