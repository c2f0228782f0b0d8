"""One run of ``scan``: from targets to judged packages and a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from wheelwatch import __version__
from wheelwatch.engine.flow import follow
from wheelwatch.engine.judgement import Judged
from wheelwatch.engine.options import Observer, Options, Unobserved
from wheelwatch.engine.runner import Runner
from wheelwatch.engine.verdict import outcome
from wheelwatch.model import Package, Report

__all__ = ["Observer", "Options", "Unobserved", "scan"]


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
    run = follow(targets, _kept, options=options, observer=observer, runner=runner)
    packages = tuple(package for owned, _ in run.views for package in owned)
    has_gaps = any(has for _, has in run.views)
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


def _kept(judged: Judged) -> tuple[tuple[Package, ...], bool]:
    """The packages, and whether something decisive could not be analysed."""
    return judged.packages, bool(judged.gaps)
