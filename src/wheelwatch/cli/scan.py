"""``wheelwatch scan``: judge wheels, folders and environments."""

from __future__ import annotations

import msgspec

from wheelwatch.cli import code
from wheelwatch.cli.bundle import Effort, Gating, Look, Paper, Taking
from wheelwatch.cli.option import IocOption, RecallOption, TargetsOption, TriageOption, outputs, versions
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.publishing import conclude
from wheelwatch.cli.rendering import hand_out, summary


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the verb."""

    targets: TargetsOption = None
    paper: Paper
    gating: Gating
    taking: Taking
    ioc: IocOption = None
    no_triage: TriageOption = False
    recall: RecallOption = False
    effort: Effort
    look: Look


def scan(asked: Scan) -> int:
    """Judge packages by what runs before your code and what can watch it.

    Nothing of a target is ever run. Exit codes: 0 nothing at or over --fail-on, 1 something is, 2 the job
    could not be done in full, 3 nothing that could be scanned.
    """
    targets = tuple(asked.targets or ())
    versions(asked.taking.python_version)
    reports = outputs(asked.paper.report_, asked.paper.output)
    # Workers are started before this process loads what they do not need.
    from wheelwatch.cli.session import Session  # noqa: PLC0415

    with Session(asked.effort, may_recall=asked.recall) as session:
        from wheelwatch.cli.gating import engaged, gather  # noqa: PLC0415
        from wheelwatch.engine.run import scan as run  # noqa: PLC0415
        from wheelwatch.gate import govern  # noqa: PLC0415

        gate = gather(targets, asked.gating.config, asked.gating.baseline, quiet=asked.look.quiet)
        options = engaged(session, gate, asked.gating.fail_on, taking=asked.taking, ioc=asked.ioc)
        options = msgspec.structs.replace(
            options, triage=not asked.no_triage, recall=asked.recall, partial=True
        )
        with Watcher(is_quiet=asked.look.quiet) as watcher:
            report = run(targets, options=options, observer=watcher, runner=session.runner)
            watcher.trouble(session.store, verbose=asked.look.verbose)
    report = govern(report, gate)
    hand_out(report, asked.paper, reports, asked.look)
    conclude(
        report,
        lambda: summary(report),
        format_=asked.paper.format_,
        output=asked.paper.output,
        quiet=asked.look.quiet,
    )
    return code.INTERRUPTED if report.is_interrupted else code.OF_OUTCOME[report.outcome]
