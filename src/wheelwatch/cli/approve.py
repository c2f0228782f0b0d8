"""``wheelwatch approve``: accept what is known, with a reason, in a file that is reviewed like code."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from wheelwatch.cli import code
from wheelwatch.cli.bundle import Effort, Fetching, Naming, Taking
from wheelwatch.cli.option import (
    ConfigOption,
    FailOnOption,
    IocOption,
    QuietOption,
    versions,
)
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.stream import is_terminal, say, write, write_file
from wheelwatch.errors import TargetError, UsageError

if TYPE_CHECKING:
    import datetime as dt

    from wheelwatch.cli.session import Session
    from wheelwatch.engine.options import Options
    from wheelwatch.gate import Baseline, Entry, Gate, Signature
    from wheelwatch.model import Finding, Package, Report

NAME = "wheelwatch-baseline.toml"
ONLY = (
    "constraints",
    "extra",
    "group",
    "index_url",
    "extra_index_url",
    "find_links",
    "no_index",
    "no_deps",
)
"""Options that say nothing of a scan; of the others some may be set for all verbs, by a variable."""

ADOPTED = "there when wheelwatch was adopted"


class Approve(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the verb."""

    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="As for scan, or pins (coverage==7.13.0) as for audit. Default: the active environment,"
            " unless there is a --requirement.",
            show_default=False,
        ),
    ] = None
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            envvar="WHEELWATCH_BASELINE",
            help=f"The baseline to write or update. Default: {NAME}.",
        ),
    ] = None
    all_: Annotated[
        bool,
        typer.Option("--all", envvar="WHEELWATCH_ALL", help="Approve all that stops a run now."),
    ] = False
    reason: Annotated[
        str, typer.Option(metavar="TEXT", envvar="WHEELWATCH_REASON", help="Why; needed in scripts.")
    ] = ""
    who: Annotated[
        str, typer.Option(metavar="NAME", envvar="WHEELWATCH_WHO", help="Who approves. Default: the user.")
    ] = ""
    expires: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", envvar="WHEELWATCH_EXPIRES", help="The last day it holds.")
    ] = ""
    prune: Annotated[
        bool, typer.Option("--prune", envvar="WHEELWATCH_PRUNE", help="Remove entries for what is gone.")
    ] = False
    fail_on: FailOnOption = None
    config: ConfigOption = None
    taking: Taking
    naming: Naming
    fetching: Fetching
    ioc: IocOption = None
    effort: Effort
    quiet: QuietOption = False


def approve(asked: Approve) -> int:
    """Approve what stops a run: judge as scan does, or as audit does, and write the baseline.

    With --requirement, or pins instead of targets, it is what audit finds with these options. On a terminal
    each finding is asked for; elsewhere --all or --reason approves every one of them. An approval holds for
    the evidence, not for the version. Exit codes: 0 the baseline was written, else 2.
    """
    targets, is_audit = tuple(asked.targets or ()), _is_audit(asked)
    versions(asked.taking.python_version)
    # Workers are started before this process loads what they do not need.
    from wheelwatch.cli.session import Session  # noqa: PLC0415

    with Session(asked.effort, is_whole=is_audit) as session:
        from wheelwatch.cli.gating import engaged, gather, today  # noqa: PLC0415
        from wheelwatch.gate import govern  # noqa: PLC0415

        path = _path(asked.baseline, targets)
        reason = asked.reason or (ADOPTED if asked.all_ else "")
        signature = _signature(reason, asked.who, asked.expires, today())
        gate = gather(targets, asked.config, path if os.path.exists(path) else None, quiet=asked.quiet)  # noqa: PTH110
        options = engaged(session, gate, asked.fail_on, taking=asked.taking, ioc=asked.ioc)
        report = govern((_audited if is_audit else _scanned)(asked, gate, options, session), gate)
    _require_scanned(report)
    chosen = list(_choose(report, signature, is_asking=not asked.all_ and _is_asking(signature)))
    _write(path, _merged(gate, report, chosen, prune=asked.prune))
    if not asked.quiet:
        _conclude(path, report, len(chosen))
    return code.OK


def _is_audit(asked: Approve) -> bool:
    """What is named would be installed; else it is there already."""
    from wheelwatch.cli.pin import is_pin  # noqa: PLC0415

    targets = asked.targets or ()
    others = [target for target in targets if os.path.exists(target) or not is_pin(target)]  # noqa: PTH110
    is_audit = bool(asked.naming.files) or len(others) < len(targets)
    if is_audit and others:
        hint = "approve one after the other: the second adds to what the first has written"
        raise UsageError(others[0], "is scanned, and requirements are audited", hint)
    if not is_audit and any(
        getattr(asked.naming, name, getattr(asked.fetching, name, None)) for name in ONLY
    ):
        what = "an option for requirements is given, and there are none"
        raise UsageError("approve", what, "name a file with -r requirements.txt")
    if is_audit and len(asked.taking.python_version or ()) > 1:
        raise UsageError("--python-version", "is one version for requirements", "approve one at a time")
    return is_audit


def _scanned(asked: Approve, _gate: Gate, options: Options, session: Session) -> Report:
    from wheelwatch.engine.run import scan  # noqa: PLC0415

    with Watcher(is_quiet=asked.quiet) as watcher:
        return scan(tuple(asked.targets or ()), options=options, observer=watcher, runner=session.runner)


def _audited(asked: Approve, gate: Gate, options: Options, session: Session) -> Report:
    from wheelwatch.cli.ordering import order  # noqa: PLC0415
    from wheelwatch.engine.audit import audit  # noqa: PLC0415

    wanted = order(
        asked.targets or (),
        asked.naming,
        asked.fetching,
        python=options.pythons[0] if options.pythons else None,
        no_cache=asked.effort.no_cache,
        requires_hashes=gate.policy.require_hashes,
    )
    with Watcher(is_quiet=asked.quiet) as watcher:
        return audit(wanted, options=options, observer=watcher, runner=session.runner).report


def _path(given: str | None, targets: Sequence[str]) -> str:
    if given in ("", "-"):
        raise UsageError("--baseline", "names no file", f"leave it out for {NAME}")
    if given is not None:
        return given
    from wheelwatch.gate.policy import enclosing  # noqa: PLC0415

    if enclosing(targets) is not None:
        what = f"the current directory belongs to a target, so that its {NAME} is not taken"
        raise UsageError("--baseline", what, "name the file")
    return NAME


def _signature(reason: str, who: str, expires: str, date: dt.date) -> Signature:
    from wheelwatch.gate import Signature  # noqa: PLC0415

    return Signature(
        reason=reason.strip(), who=who.strip() or _user(), date=date, expires=_day(expires, date)
    )


def _day(text: str, today: dt.date) -> dt.date | None:
    if not text:
        return None
    try:
        day = type(today).fromisoformat(text)
    except ValueError:
        raise UsageError("--expires", f"{text} is no day", "write it as 2027-01-31") from None
    if day < today:
        raise UsageError("--expires", f"{text} is over already")
    return day


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id; Python 3.13 tells it as OSError
        return ""


def _is_asking(signature: Signature) -> bool:
    if is_terminal(sys.stdin) and is_terminal(sys.stderr):
        return True
    if not signature.reason:
        hint = "add --reason TEXT, or --all for a first adoption"
        raise UsageError("approve", "there is no terminal to ask on", hint)
    return False


def _require_scanned(report: Report) -> None:
    from wheelwatch.model import Outcome  # noqa: PLC0415

    if report.packages or report.outcome is Outcome.PASS:
        return
    for failure in report.errors:
        raise TargetError(failure.where, failure.what, failure.hint)
    raise TargetError("approve", "there is nothing that could be scanned", "name another target")


def stopping(report: Report) -> Iterator[tuple[Package, Finding]]:
    """What stops the run and can be approved, each once; a file that was not analysed by its finding."""
    from wheelwatch.engine.verdict import counts, leaves_gap  # noqa: PLC0415

    seen = set()
    for package in report.packages:
        gaps = {row.fingerprint for row in package.not_analysed if leaves_gap(row)}
        for finding in package.findings:
            key = (package.name, finding.fingerprint)
            if key in seen or _is_denied(finding):
                continue
            if counts(finding, report.fail_on) or finding.fingerprint in gaps:
                seen.add(key)
                yield package, finding


def _is_denied(finding: Finding) -> bool:
    from wheelwatch.model import Ruling  # noqa: PLC0415

    return finding.standing is not None and finding.standing.ruling is Ruling.DENIED


def _choose(report: Report, signature: Signature, *, is_asking: bool) -> Iterator[Entry]:
    from wheelwatch.gate import baseline  # noqa: PLC0415

    for package, finding in stopping(report):
        signed = _asked(package, finding, report, signature) if is_asking else signature
        if signed is not None:
            yield baseline.entry(package.name, finding, signed)


def _asked(package: Package, finding: Finding, report: Report, signature: Signature) -> Signature | None:
    """The signature for one finding; ``None`` when it is not approved."""
    from wheelwatch.report.finding import FindingWriter  # noqa: PLC0415
    from wheelwatch.report.paint import join  # noqa: PLC0415

    writer = FindingWriter(verbose=False, width=100, counting=report.pythons)
    write(sys.stdout, "\n" + join(writer.one(finding, package.name), color=False))
    if not typer.confirm("approve?", default=False, err=True):
        return None
    reason = signature.reason
    while not reason:
        reason = str(typer.prompt("reason", err=True)).strip()
    return msgspec.structs.replace(signature, reason=reason)


def _merged(gate: Gate, report: Report, chosen: Sequence[Entry], *, prune: bool) -> Baseline:
    """The old entries with the new ones, which take the place of those about the same finding."""
    from wheelwatch.gate.baseline import EMPTY  # noqa: PLC0415

    old = gate.baseline or EMPTY
    renewed = {(row.package, row.fingerprint) for row in chosen}
    stale = {(row.package, row.fingerprint) for row in report.baseline.stale} if report.baseline else set()
    kept = [
        row
        for row in old.approved
        if (row.package, row.fingerprint) not in renewed
        and not (prune and (row.package, row.fingerprint) in stale)
    ]
    return msgspec.structs.replace(old, approved=(*kept, *chosen))


def _write(path: str, baseline: Baseline) -> None:
    from wheelwatch.gate.baseline import render  # noqa: PLC0415

    try:
        write_file(path, render(baseline))
    except OSError as error:
        what = f"the baseline cannot be written there: {error.strerror or error}"
        raise UsageError(path, what, "name a file in a folder that exists") from None


def _conclude(path: str, report: Report, count: int) -> None:
    from wheelwatch import escape  # noqa: PLC0415
    from wheelwatch.report import phrase, text  # noqa: PLC0415

    if report.errors:
        say(text.errors(report.errors))
        say("errors are never approved: a run goes on ending 2 because of them\n")
    denied = sum(map(_is_denied, (row for package in report.packages for row in package.findings)))
    if denied:
        say(f"{phrase.count(denied, 'finding')} denied by the policy: approving changes nothing there\n")
    left = len(list(stopping(report))) - count
    more = f"; {phrase.count(left, 'finding')} left as they are" if left else ""
    say(f"{escape.terminal(path)}: {phrase.count(count, 'finding')} approved{more}\n")
