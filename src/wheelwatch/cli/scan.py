"""``wheelwatch scan``: judge wheels, folders and environments."""

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
    Format,
    FormatOption,
    IocOption,
    LimitOption,
    OutputOption,
    PythonOption,
    QuietOption,
    ReportOption,
    TargetsOption,
    TriageOption,
    VerboseOption,
    WorkersOption,
    incidents,
    outputs,
    versions,
)
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.publishing import conclude
from wheelwatch.cli.rendering import hand_out, summary


def scan(  # noqa: PLR0917 - typer reads one parameter per option
    targets: TargetsOption = None,
    format_: FormatOption = Format.TEXT,
    output: OutputOption = None,
    report_: ReportOption = None,
    fail_on: FailOnOption = None,
    baseline: BaselineOption = None,
    config: ConfigOption = None,
    python_version: PythonOption = None,
    as_: AsOption = None,
    ioc: IocOption = None,
    no_triage: TriageOption = False,
    workers: WorkersOption = None,
    bounds: LimitOption = None,
    no_cache: CacheOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    color: ColorOption = Color.AUTO,
) -> int:
    """Judge packages by what runs before your code and what can watch it.

    Nothing of a target is ever run. Exit codes: 0 nothing at or over --fail-on, 1 something is, 2 the job
    could not be done in full, 3 nothing that could be scanned.
    """
    pythons = versions(python_version)
    reports = outputs(report_)
    # Workers are started before this process loads what they do not need.
    from wheelwatch.cli.session import Session  # noqa: PLC0415

    with Session(bounds, workers=workers, no_cache=no_cache) as session:
        from wheelwatch.cli.gating import gather, limit  # noqa: PLC0415
        from wheelwatch.engine.run import Options  # noqa: PLC0415
        from wheelwatch.engine.run import scan as run  # noqa: PLC0415
        from wheelwatch.gate import govern  # noqa: PLC0415

        gate = gather(targets or (), config, baseline, quiet=quiet)
        options = Options(
            fail_on=limit(fail_on, gate),
            pythons=pythons,
            as_=as_.value if as_ is not None else None,
            triage=not no_triage,
            incidents=incidents(ioc),
            limits=session.limits,
            cache=session.store,
        )
        with Watcher(is_quiet=quiet) as watcher:
            report = run(tuple(targets or ()), options=options, observer=watcher, runner=session.runner)
            watcher.trouble(session.store, verbose=verbose)
    report = govern(report, gate)
    hand_out(report, format_, output, reports, color=color, verbose=verbose)
    conclude(report, lambda: summary(report), format_=format_, output=output, quiet=quiet)
    return code.OF_OUTCOME[report.outcome]
