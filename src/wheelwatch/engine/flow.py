"""The flow that every verb shares: from targets to judged sets, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

import msgspec

from wheelwatch import archive, sources
from wheelwatch.engine.cache import Wheels
from wheelwatch.engine.court import Court, View
from wheelwatch.engine.options import Observer, Options
from wheelwatch.engine.runner import Runner, Workers
from wheelwatch.errors import WheelwatchError
from wheelwatch.model import SUPPORTED_PYTHONS, Failure, TargetSet, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Generic[View]):
    """What the targets were, the versions that count, and what was kept of each set."""

    found: sources.Found
    pythons: tuple[Version, ...]
    views: tuple[View, ...]
    is_interrupted: bool = False
    """Sets that were judged before Ctrl-C are there; the others are failures."""


def follow(
    targets: Sequence[str],
    form: type[View],
    *,
    options: Options,
    observer: Observer,
    runner: Runner | None,
) -> Run[View]:
    """Reads the targets and judges set after set, without running anything of them.

    Args:
        targets: paths of wheels, folders, environments; empty for the default environment.
        form: what is kept of a judged set; the rest is let go before the next one.
        options: versions, limits.
        observer: is told about the progress.
        runner: where files are analysed; worker processes unless given.
    """
    working = runner if runner is not None else _workers(options)
    try:
        court = Court(form, options=options, observer=observer, runner=working)
        wheel = archive.read_wheel if options.cache is None else Wheels(options.cache).read
        found = sources.find(targets, as_=options.as_, limits=options.limits, wheel=wheel)
        sets = tuple(_counting(target, options.pythons) for target in found.sets)
        observer.found(found.notes, sum(len(target.distributions) for target in sets))
        views: list[View] = []
        failures: list[Failure] = []
        is_interrupted = False
        for place, target in enumerate(sets):
            try:
                one = _safely(court, target)
            except KeyboardInterrupt:
                if not (options.partial and views):
                    raise
                is_interrupted = True
                observer.interrupted()
                failures += [_unjudged(rest) for rest in sets[place:]]
                break
            if isinstance(one, Failure):
                failures.append(one)
            else:
                views.append(one)
    finally:
        working.close()
        if options.cache is not None:
            options.cache.trim()
            options.cache.close()
    found = msgspec.structs.replace(found, failures=(*found.failures, *failures))
    pythons = _pythons(sets, options)
    return Run(found=found, pythons=pythons, views=tuple(views), is_interrupted=is_interrupted)


def _unjudged(target: TargetSet) -> Failure:
    """What stands for a set that an interrupt kept from being judged."""
    return Failure(where=target.label, what="not judged: interrupted", hint="scan it again")


def _safely(court: Court[View], target: TargetSet) -> View | Failure:
    """What is kept of the judged set; an error of ours in one set costs the verdict of that set only."""
    try:
        return court.judged(target)
    except WheelwatchError:
        raise
    except Exception as problem:  # noqa: BLE001 - one set must not hide the verdicts of the others
        what = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
        hint = "an error in wheelwatch itself: please report it"
        return Failure(where=target.label, what=f"could not be judged: {what}", hint=hint)


def _workers(options: Options) -> Workers:
    workers = Workers(options.limits, options.workers, options.cache)
    workers.start(may_recall=options.recall)
    return workers


def _counting(target: TargetSet, pythons: tuple[Version, ...]) -> TargetSet:
    """The set with the versions that the user wants to count."""
    if not pythons:
        return target
    chosen = tuple(msgspec.structs.replace(owned, pythons=pythons) for owned in target.distributions)
    return msgspec.structs.replace(target, distributions=chosen)


def _pythons(sets: Iterable[TargetSet], options: Options) -> tuple[Version, ...]:
    if options.pythons:
        return options.pythons
    counting = {version for target in sets for owned in target.distributions for version in owned.pythons}
    return tuple(version for version in SUPPORTED_PYTHONS if version in counting)
