"""``wheelwatch startup``: everything that runs before any program, in order."""

from __future__ import annotations

from wheelwatch.cli import code
from wheelwatch.cli.option import (
    AsOption,
    BaselineOption,
    CacheOption,
    Color,
    ColorOption,
    ConfigOption,
    FailOnOption,
    LimitOption,
    OutputOption,
    Plain,
    PlainOption,
    PythonOption,
    QuietOption,
    TargetsOption,
    VerboseOption,
    WorkersOption,
    versions,
)
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.publishing import conclude, publish, width
from wheelwatch.model import Listing


def startup(  # noqa: PLR0917 - typer reads one parameter per option
    targets: TargetsOption = None,
    format_: PlainOption = Plain.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = None,
    baseline: BaselineOption = None,
    config: ConfigOption = None,
    python_version: PythonOption = None,
    as_: AsOption = None,
    workers: WorkersOption = None,
    bounds: LimitOption = None,
    no_cache: CacheOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    color: ColorOption = Color.AUTO,
) -> int:
    """List what runs before any program, in the order in which Python comes to it.

    Each step has its owner, its verdict and what it leads to; where versions of Python differ, each order
    is shown once. Nothing of a target is ever run. Only what runs at startup decides the exit code: 0
    nothing at or over --fail-on, 1 something is, 2 the job could not be done in full, 3 nothing that could
    be scanned.
    """
    pythons = versions(python_version)
    # Workers are started before this process loads what they do not need.
    from wheelwatch.cli.session import Session  # noqa: PLC0415

    with Session(bounds, workers=workers, no_cache=no_cache) as session:
        from wheelwatch.cli.gating import gather, limit  # noqa: PLC0415
        from wheelwatch.engine.boot import startup as run  # noqa: PLC0415
        from wheelwatch.engine.flow import Options  # noqa: PLC0415
        from wheelwatch.gate import oversee  # noqa: PLC0415

        gate = gather(targets or (), config, baseline, quiet=quiet)
        options = Options(
            fail_on=limit(fail_on, gate),
            pythons=pythons,
            as_=as_.value if as_ is not None else None,
            limits=session.limits,
            cache=session.store,
        )
        with Watcher(is_quiet=quiet) as watcher:
            listing = run(tuple(targets or ()), options=options, observer=watcher, runner=session.runner)
            watcher.trouble(session.store, verbose=verbose)
    listing = oversee(listing, gate)
    publish(
        lambda is_colored: _render(listing, format_, is_colored=is_colored, verbose=verbose),
        output,
        color=color,
    )
    conclude(listing, lambda: _summary(listing), format_=format_, output=output, quiet=quiet)
    return code.OF_OUTCOME[listing.outcome]


def _render(listing: Listing, format_: Plain, *, is_colored: bool, verbose: bool) -> str:
    if format_ is Plain.JSON:
        from wheelwatch.report import sequence  # noqa: PLC0415 - only the wanted form is loaded

        return sequence.render(listing)
    from wheelwatch.report import boot  # noqa: PLC0415

    return boot.render(listing, color=is_colored, verbose=verbose, width=width())


def _summary(listing: Listing) -> str:
    from wheelwatch.report import boot  # noqa: PLC0415 - only for those who see it

    return boot.summary(listing)
