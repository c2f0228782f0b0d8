"""``wheelwatch audit``: judge what would be installed, before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from wheelwatch.cli import code
from wheelwatch.cli.bundle import Effort, Fetching, Gating, Look, Naming, Paper, Taking
from wheelwatch.cli.option import IocOption, TriageOption, outputs
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.publishing import conclude
from wheelwatch.cli.rendering import hand_out, summary
from wheelwatch.errors import UsageError
from wheelwatch.model import Outcome

if TYPE_CHECKING:
    from wheelwatch.engine.audit import Audited, Order


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the verb."""

    requirements: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REQUIREMENT]...",
            help="Names like flask or 'flask[async]>=3', paths, addresses.",
            show_default=False,
        ),
    ] = None
    naming: Naming
    python_version: Annotated[
        list[str] | None,
        typer.Option(
            metavar="X.Y",
            envvar="WHEELWATCH_PYTHON_VERSION",
            help="Python to install for, one. Default: the one that runs wheelwatch.",
        ),
    ] = None
    fetching: Fetching
    write_lock: Annotated[
        str | None,
        typer.Option(
            "--write-lock",
            metavar="FILE",
            envvar="WHEELWATCH_WRITE_LOCK",
            help="If the verdict passes, write what was judged: pylock.toml, or requirements.txt with"
            " hashes.",
        ),
    ] = None
    paper: Paper
    gating: Gating
    ioc: IocOption = None
    no_triage: TriageOption = False
    effort: Effort
    look: Look


def audit(asked: Audit) -> int:
    """Judge what would be installed, with all that it requires, before anything is.

    Resolves and downloads as pip or uv would, but builds and runs nothing. Exit codes: 0 nothing at or over
    --fail-on, 1 something is, 2 the job could not be done in full, 3 nothing that could be judged.
    """
    named, paper, look = tuple(asked.requirements or ()), asked.paper, asked.look
    if not (named or asked.naming.files):
        raise UsageError("audit", "nothing is named", "name packages, or a file with -r requirements.txt")
    python = _one(asked.python_version)
    reports = outputs(paper.report_, paper.output)
    # Workers are started before this process loads what they do not need.
    from wheelwatch.cli.session import Session  # noqa: PLC0415

    with Session(asked.effort, is_whole=True) as session:
        from wheelwatch.cli.gating import engaged, gather  # noqa: PLC0415
        from wheelwatch.cli.ordering import order as ordered  # noqa: PLC0415
        from wheelwatch.engine.audit import audit as run  # noqa: PLC0415
        from wheelwatch.gate import govern  # noqa: PLC0415

        if asked.write_lock is not None:
            from wheelwatch.report.lock import require_name  # noqa: PLC0415

            require_name(asked.write_lock)
        gate = gather(named, asked.gating.config, asked.gating.baseline, quiet=look.quiet)
        order = ordered(
            named,
            asked.naming,
            asked.fetching,
            python=python,
            no_cache=asked.effort.no_cache,
            requires_hashes=gate.policy.require_hashes,
        )
        options = engaged(session, gate, asked.gating.fail_on, taking=Taking(), ioc=asked.ioc)
        options = msgspec.structs.replace(options, triage=not asked.no_triage)
        with Watcher(is_quiet=look.quiet) as watcher:
            audited = run(order, options=options, observer=watcher, runner=session.runner)
            watcher.trouble(session.store, verbose=look.verbose)
            notes = (*audited.report.notes, _times(audited))
            watcher.found(notes, len(audited.report.packages))
    report = govern(audited.report, gate)
    hand_out(report, paper, reports, look)
    conclude(report, lambda: summary(report), format_=paper.format_, output=paper.output, quiet=look.quiet)
    if asked.write_lock is not None:
        _lock(asked.write_lock, report.outcome, audited, order, quiet=look.quiet)
    return code.OF_OUTCOME[report.outcome]


def _one(pythons: list[str] | None) -> str | None:
    """The version to install for: what is resolved for another is another set."""
    if pythons and len(set(pythons)) > 1:
        what = f"is one version for an audit, and there are {', '.join(dict.fromkeys(pythons))}"
        raise UsageError("--python-version", what, "audit for one after the other")
    return pythons[0] if pythons else None


def _times(audited: Audited) -> str:
    """What the run spent its time on."""
    took = audited.seconds
    files = f"{len(audited.files)} files, {audited.downloads} of them downloaded"
    return (
        f"{took.resolve:.1f} s to resolve, {took.fetch:.1f} s to fetch and examine ({files}),"
        f" {took.judge:.1f} s to judge"
    )


def _lock(path: str, verdict: Outcome, audited: Audited, order: Order, *, quiet: bool) -> None:
    """Writes the lock of a run that passed, and says why there is none otherwise."""
    from wheelwatch.cli.stream import say, write_file  # noqa: PLC0415
    from wheelwatch.report import lock  # noqa: PLC0415

    if verdict is not Outcome.PASS:
        say(f"no lock is written: the verdict is {verdict.value}\n")
        return
    text = lock.render(path, audited.files, audited.unlockable, order.python)
    try:
        write_file(path, text)
    except OSError as error:
        hint = "name a file in a folder that this user may write to"
        raise UsageError(path, f"the lock cannot be written: {error.strerror or error}", hint) from None
    if not quiet:
        say(f"wrote {path}: {len(audited.files)} files, as they were judged\n")
