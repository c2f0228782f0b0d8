"""One run of ``scan``: from targets to judged packages and a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import msgspec

from wheelwatch import __version__
from wheelwatch.engine.flow import follow
from wheelwatch.engine.judgement import Judged
from wheelwatch.engine.options import Observer, Options, Unobserved
from wheelwatch.engine.runner import Runner
from wheelwatch.engine.verdict import outcome
from wheelwatch.model import Package, Report

__all__ = ["Observer", "Options", "Unobserved", "scan"]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a judged set."""

    packages: tuple[Package, ...]
    has_gaps: bool
    """Something decisive could not be analysed."""

    @classmethod
    def of(cls, judged: Judged) -> Self:
        """What of the judged set is kept."""
        return cls(packages=judged.packages, has_gaps=bool(judged.gaps))


def scan(
    targets: Sequence[str],
    *,
    options: Options = Options(),  # noqa: B008 - frozen
    observer: Observer = Unobserved(),  # noqa: B008 - stateless
    runner: Runner | None = None,
) -> Report:
    """Judges every package of the targets, without running any of them.

    Args:
        targets: paths of wheels, folders, environments; empty for the default environment.
        options: threshold, versions, limits.
        observer: is told about the progress.
        runner: where files are analysed; worker processes unless given.
    """
    run = follow(targets, Verdict, options=options, observer=observer, runner=runner)
    packages = tuple(package for view in run.views for package in view.packages)
    has_gaps = any(view.has_gaps for view in run.views)
    return Report(
        wheelwatch=__version__,
        outcome=outcome(
            packages,
            run.found.failures,
            fail_on=options.fail_on,
            has_gaps=has_gaps,
            is_empty=not run.views,
        ),
        complete=not (has_gaps or run.found.failures),
        fail_on=options.fail_on,
        targets=tuple(targets),
        pythons=run.pythons,
        packages=packages,
        errors=run.found.failures,
        notes=run.found.notes,
        is_interrupted=run.is_interrupted,
    )
