"""``wheelwatch diff --git BASE``: the requirements and lock files of two commits, from git's objects."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wheelwatch import __version__
from wheelwatch.cli.gating import limit
from wheelwatch.cli.siding import Sides
from wheelwatch.gate import Gate, compare, govern, together
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Comparison, Origin, Outcome, PackageKind, Report
from wheelwatch.sources.repository import PROJECT, Blob, Repository, closure, is_archive, wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = "HEAD"


class Pair(msgspec.Struct, frozen=True):
    """One file on both sides: its path and what it includes; empty where it is not."""

    path: str
    old: dict[str, Blob]
    new: dict[str, Blob]


def since(base: str, sides: Sides, gate: Gate) -> Comparison:
    """What the last commit adds to the one in which it parted from the base.

    Raises:
        UsageError: git is missing, this is no repository, or it does not hold the base.
    """
    repository = Repository(os.curdir, DEFAULT)
    head = repository.commit(HEAD)
    old = repository.fork(repository.commit(base), head)
    pairs = list(_pairs(repository, old, head))
    changed = [pair for pair in pairs if pair.old != pair.new]
    found = [_compared(pair, repository, sides, gate) for pair in changed]
    note = f"{len(pairs)} requirements and lock files, {len(changed)} of them changed since {old[:12]}"
    notes = dict.fromkeys((note, *(row for one in found for row in one.notes)))
    return together(found, _nothing(base, sides, notes, has_files=bool(pairs)))


def _pairs(repository: Repository, old: str, new: str) -> Iterator[Pair]:
    before, after = repository.files(old), repository.files(new)
    renamed = repository.renames(old, new)
    for path in wanted(after):
        origin = path if path in before else renamed.get(path, path)
        yield Pair(path, closure(origin, before, repository), closure(path, after, repository))
    moved = set(renamed.values())
    for path in wanted(before):
        if path not in after and path not in moved:
            yield Pair(path, closure(path, before, repository), {})


def _compared(pair: Pair, repository: Repository, sides: Sides, gate: Gate) -> Comparison:
    reports = [govern(_report(side, repository, sides), gate) for side in (pair.old, pair.new)]
    return compare(*reports, ceiling=gate.policy.ceiling, file=pair.path)


def _report(files: Mapping[str, Blob], repository: Repository, sides: Sides) -> Report:
    """What the first of these files brings; they are written to a private folder, and nothing else is."""
    if not files:
        return _empty(sides)
    with tempfile.TemporaryDirectory(prefix="wheelwatch-git-") as folder:
        for path, blob in files.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(repository.read(blob, is_archive=is_archive(path)))
        report = sides.audit(files=(os.path.join(folder, next(iter(files))),), base=folder)  # noqa: PTH118
        return _placed(_foreign(report, folder + os.sep), folder + os.sep)


def _foreign(report: Report, folder: str) -> Report:
    """The report without the repository's own projects: their files are not here, what they require is.

    Where only a build would tell what one requires, that is a note.
    """
    own = [row for row in report.errors if row.where.startswith(folder) and row.where.endswith(PROJECT)]
    return msgspec.structs.replace(
        report,
        packages=tuple(
            row
            for row in report.packages
            if row.kind is not PackageKind.FOLDER or not f"{row.location}{os.sep}".startswith(folder)
        ),
        errors=tuple(row for row in report.errors if row not in own),
        notes=tuple(f"{row.where}: {row.what}; that is not compared" for row in own),
    )


def _placed(report: Report, folder: str) -> Report:
    """The report with the paths of the repository instead of those of the private folder."""

    def plain(text: str) -> str:
        return text.replace(folder, "")

    def origin(row: Origin | None) -> Origin | None:
        return None if row is None else msgspec.structs.replace(row, file=plain(row.file))

    replace = msgspec.structs.replace
    return replace(
        report,
        packages=tuple(
            replace(row, origin=origin(row.origin), location=plain(row.location)) for row in report.packages
        ),
        notes=tuple(map(plain, report.notes)),
        errors=tuple(
            replace(row, where=plain(row.where), what=plain(row.what), hint=plain(row.hint))
            for row in report.errors
        ),
    )


def _empty(sides: Sides) -> Report:
    return Report(
        wheelwatch=__version__,
        outcome=Outcome.EMPTY,
        complete=True,
        fail_on=limit(sides.fail_on, sides.gate),
        targets=(),
        pythons=(),
        packages=(),
    )


def _nothing(base: str, sides: Sides, notes: Iterable[str], *, has_files: bool) -> Comparison:
    return Comparison(
        wheelwatch=__version__,
        outcome=Outcome.PASS if has_files else Outcome.EMPTY,
        complete=True,
        fail_on=limit(sides.fail_on, sides.gate),
        old=(base,),
        new=(HEAD,),
        packages=(),
        same=0,
        notes=tuple(notes),
    )
