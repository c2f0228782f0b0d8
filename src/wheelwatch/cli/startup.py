"""``wheelwatch startup``: everything that runs before any program, in order."""

from __future__ import annotations

import msgspec

from wheelwatch.cli import code
from wheelwatch.cli.bundle import Effort, Gating, Look, Taking
from wheelwatch.cli.option import OutputOption, Plain, PlainOption, TargetsOption, versions
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.publishing import conclude, publish, width
from wheelwatch.model import Listing


class Startup(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the verb."""

    targets: TargetsOption = None
    format_: PlainOption = Plain.TEXT
    output: OutputOption = None
    gating: Gating
    taking: Taking
    effort: Effort
    look: Look


def startup(asked: Startup) -> int:
    """List what runs before any program, in the order in which Python comes to it.

    Each step has its owner, its verdict and what it leads to; where versions of Python differ, each order
    is shown once. Nothing of a target is ever run. Only what runs at startup decides the exit code: 0
    nothing at or over --fail-on, 1 something is, 2 the job could not be done in full, 3 nothing that could
    be scanned.
    """
    targets, look = tuple(asked.targets or ()), asked.look
    versions(asked.taking.python_version)
    # Workers are started before this process loads what they do not need.
    from wheelwatch.cli.session import Session  # noqa: PLC0415

    with Session(asked.effort) as session:
        from wheelwatch.cli.gating import engaged, gather  # noqa: PLC0415
        from wheelwatch.engine.boot import startup as run  # noqa: PLC0415
        from wheelwatch.gate import oversee  # noqa: PLC0415

        gate = gather(targets, asked.gating.config, asked.gating.baseline, quiet=look.quiet)
        options = engaged(session, gate, asked.gating.fail_on, taking=asked.taking)
        with Watcher(is_quiet=look.quiet) as watcher:
            listing = run(targets, options=options, observer=watcher, runner=session.runner)
            watcher.trouble(session.store, verbose=look.verbose)
    listing = oversee(listing, gate)
    publish(
        lambda is_colored: _render(listing, asked.format_, is_colored=is_colored, verbose=look.verbose),
        asked.output,
        color=look.color,
    )
    conclude(
        listing, lambda: _summary(listing), format_=asked.format_, output=asked.output, quiet=look.quiet
    )
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
