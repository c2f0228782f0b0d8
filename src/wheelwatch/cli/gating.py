"""The team's decisions for one run: which policy and baseline hold, and what they make of a report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from wheelwatch.cli.bundle import Taking
from wheelwatch.cli.option import FailOn, incidents, threshold, versions
from wheelwatch.cli.stream import say
from wheelwatch.engine.options import Options
from wheelwatch.gate import Gate
from wheelwatch.gate import baseline as baselines
from wheelwatch.gate import policy as policies
from wheelwatch.model import Severity
from wheelwatch.sources.default import default_target

if TYPE_CHECKING:
    from wheelwatch.cli.session import Session


def gather(
    targets: Sequence[str], config: str | None, baseline: str | None, *, quiet: bool = False
) -> Gate:
    """The policy and baseline of a run.

    Args:
        targets: as given; with none of them the default environment counts.
        config: the file of ``--config``; without one the current directory is asked.
        baseline: the file of ``--baseline``.
        quiet: no note where the current directory may not be asked.

    Raises:
        DataError: a file cannot be read, or is not as it must be.
    """
    source: str | None = config
    if config is not None:
        policy = policies.read(config)
    else:
        policy, source, note = policies.discover(targets or _default())
        if note and not quiet:
            say(f"{note}\n")
    gate = Gate(today=today(), policy=policy, source=source)
    if baseline is None:
        return gate
    return msgspec.structs.replace(gate, baseline=baselines.read(baseline), path=baseline)


def limit(fail_on: FailOn | None, gate: Gate) -> Severity | None:
    """The threshold: that of the command line, else of the policy, else high; ``None`` for never."""
    return gate.policy.threshold() if fail_on is None else threshold(fail_on)


def engaged(
    session: Session, gate: Gate, fail_on: FailOn | None, *, taking: Taking, ioc: list[str] | None = None
) -> Options:
    """What the engine is told, by the options of a command line and what a team has decided."""
    return Options(
        fail_on=limit(fail_on, gate),
        pythons=versions(taking.python_version),
        as_=taking.as_.value if taking.as_ is not None else None,
        incidents=incidents(ioc),
        limits=session.limits,
        cache=session.store,
    )


def today() -> dt.date:
    """The day in UTC, so that it is the same for a team and its machines."""
    return dt.datetime.now(dt.UTC).date()


def _default() -> tuple[str, ...]:
    choice = default_target()
    return (choice.prefix,) if choice is not None else ()
