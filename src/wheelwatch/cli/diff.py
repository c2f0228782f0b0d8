"""``wheelwatch diff``: what a new version adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from wheelwatch import escape
from wheelwatch.cli import code
from wheelwatch.cli.bundle import Effort, Look, Taking
from wheelwatch.cli.option import (
    ConfigOption,
    DiffFormat,
    FailOnOption,
    NoDepsOption,
    OfflineOption,
    OutputOption,
    versions,
)
from wheelwatch.cli.publishing import conclude, publish
from wheelwatch.cli.stream import say
from wheelwatch.errors import UsageError

if TYPE_CHECKING:
    from wheelwatch.cli.siding import Sides
    from wheelwatch.gate import Gate
    from wheelwatch.model import Comparison


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the verb."""

    old: Annotated[
        str | None,
        typer.Argument(metavar="OLD", help="What is there: a path, a file of requirements, name==version."),
    ] = None
    new: Annotated[
        str | None, typer.Argument(metavar="NEW", help="What would take its place, of any of these kinds.")
    ] = None
    base: Annotated[
        str | None,
        typer.Option(
            "--git",
            metavar="BASE",
            envvar="WHEELWATCH_GIT",
            help="Compare every requirements and lock file of the repository with this commit or branch.",
        ),
    ] = None
    format_: Annotated[
        DiffFormat, typer.Option("--format", envvar="WHEELWATCH_FORMAT", help="Form of the comparison.")
    ] = DiffFormat.TEXT
    output: OutputOption = None
    fail_on: FailOnOption = None
    config: ConfigOption = None
    taking: Taking
    no_deps: NoDepsOption = False
    offline: OfflineOption = False
    effort: Effort
    look: Look


def diff(asked: Diff) -> int:
    """Compare two versions: what appeared, what changed, what is gone.

    Wheels, sdists, folders and environments as for scan; requirements, locks and pins (coverage==7.13.0)
    as for audit. Only what is new decides the exit code: 0 nothing at or over --fail-on, 1 something is, 2
    the job could not be done in full, 3 nothing that could be judged.
    """
    look = asked.look
    versions(asked.taking.python_version)
    pair = _pair(asked.old, asked.new, asked.base)
    from wheelwatch.cli.gating import gather  # noqa: PLC0415 - after usage is checked
    from wheelwatch.cli.siding import Sides  # noqa: PLC0415

    gate = gather(pair, asked.config, None, quiet=look.quiet)
    sides = Sides(
        gate=gate,
        fail_on=asked.fail_on,
        taking=asked.taking,
        effort=asked.effort,
        is_offline=asked.offline,
        has_dependencies=not asked.no_deps,
        is_quiet=look.quiet,
    )
    comparison = _compared(pair, asked.base, sides, gate)
    publish(
        lambda is_colored: _render(comparison, asked.format_, is_colored=is_colored, verbose=look.verbose),
        asked.output,
        color=look.color,
    )
    conclude(
        comparison,
        lambda: _summary(comparison),
        format_=asked.format_,
        output=asked.output,
        quiet=look.quiet,
    )
    return code.OF_OUTCOME[comparison.outcome]


def _compared(pair: tuple[str, ...], base: str | None, sides: Sides, gate: Gate) -> Comparison:
    from wheelwatch.gate import compare, govern  # noqa: PLC0415

    if base is None:
        return compare(*(govern(sides.report(side), gate) for side in pair), ceiling=gate.policy.ceiling)
    from wheelwatch.cli.history import since  # noqa: PLC0415 - only for --git

    comparison = since(base, sides, gate)
    if not sides.is_quiet:
        say("".join(f"{escape.terminal(note)}\n" for note in comparison.notes))
    return comparison


def _pair(old: str | None, new: str | None, base: str | None) -> tuple[str, ...]:
    """Both sides as given; none with ``--git``."""
    if base is not None:
        if old is not None:
            raise UsageError("diff", "--git compares commits, not OLD and NEW", "leave one of them out")
        return ()
    if old is None or new is None:
        hint = "wheelwatch diff OLD NEW, or wheelwatch diff --git BASE"
        raise UsageError("diff", "two sides are needed", hint)
    return old, new


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
