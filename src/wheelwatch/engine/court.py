"""Judges set after set; for those who ask, recalls those in which nothing has changed."""

from __future__ import annotations

from typing import Generic, Protocol, Self, TypeVar

import msgspec

from wheelwatch.engine.advance import Advance
from wheelwatch.engine.cache import Verdicts, known_contents
from wheelwatch.engine.judgement import Judged, judge, pool_for, sources_of
from wheelwatch.engine.options import Observer, Options
from wheelwatch.engine.runner import Runner
from wheelwatch.engine.witness import Witness
from wheelwatch.model import TargetSet
from wheelwatch.rules.failure import ID as FAILED


class Kept(Protocol):
    """What is kept of a judged set; a record that can be encoded."""

    @classmethod
    def of(cls, judged: Judged) -> Self:
        """What of the judged set is kept; the rest is let go."""


View = TypeVar("View", bound=Kept)


class Court(Generic[View]):
    """Judges the sets of one run; made before anything of them is read.

    Args:
        form: what is kept of a set.
        options: what the run was told.
        observer: is told about the progress.
        runner: where files are analysed.
    """

    def __init__(
        self,
        form: type[View],
        *,
        options: Options,
        observer: Observer,
        runner: Runner,
    ) -> None:
        self._form = form
        self._options = options
        self._observer = observer
        self._runner = runner
        told = (options.triage, options.only_startup, options.incidents)
        store, limits = options.cache if options.recall else None, options.limits
        self._verdicts = Verdicts(store, form, limits, told) if store is not None else None

    def judged(self, target: TargetSet) -> View:
        """What is kept of the judged set, from now or from before."""
        if self._verdicts is None:
            return self._form.of(self._judged(target, self._runner, self._options))
        key = self._verdicts.key(target)
        known = self._verdicts.known(key)
        if known is not None:
            self._observer.examined(target.label, _done(target))
            return known
        witness = Witness(self._runner, self._options)
        options = msgspec.structs.replace(self._options, read=witness.read, head=witness.head)
        judged = self._judged(target, witness, options)
        view = self._form.of(judged)
        readings = tuple(witness.readings(known_contents(target)))
        if not (witness.is_lucky or _has_failed(judged)):
            self._verdicts.keep(key, target, view, readings)
        return view

    def _judged(self, target: TargetSet, runner: Runner, options: Options) -> Judged:
        return judge(target, pool_for(target.label, runner, options, self._observer), options)


def _has_failed(judged: Judged) -> bool:
    """A rule failed: that may be for want of memory."""
    return any(finding.rule == FAILED for package in judged.packages for finding in package.findings)


def _done(target: TargetSet) -> Advance:
    """All at once."""
    files = sum(1 for owned in target.distributions for _ in sources_of(owned))
    count = len(target.distributions)
    return Advance(files=files, of_files=files, packages=count, of_packages=count, current="")
