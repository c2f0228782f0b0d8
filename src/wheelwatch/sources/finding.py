"""From the targets of a command line to sets of distributions, with the failures on the way."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from wheelwatch.archive import Tree, read_tree, read_wheel
from wheelwatch.errors import TargetError
from wheelwatch.limits import Limits
from wheelwatch.model import Distribution, Failure, TargetSet


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: sets to judge, what could not be read, and what to tell the user."""

    sets: tuple[TargetSet, ...]
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()


def find(targets: Sequence[str], *, as_: str | None, limits: Limits) -> Found:
    """Read every target. Each folder or environment is a set of its own, all archives are one set.

    Nothing is raised for a target that cannot be read: it is a ``Failure`` and the others go on.
    """
    archives: list[Distribution] = []
    sets: list[TargetSet] = []
    failures: list[Failure] = []
    for target in targets:
        try:
            if Path(target).is_dir() and as_ != "wheel":
                sets.append(_folder(target, limits))
            else:
                archives.append(read_wheel(Path(target), limits))
        except TargetError as error:
            failures.append(Failure(where=error.where, what=error.what, hint=error.hint))
    if archives:
        sets.insert(0, TargetSet(label="archives", distributions=tuple(archives)))
    return Found(sets=tuple(sets), failures=tuple(failures))


def _folder(target: str, limits: Limits) -> TargetSet:
    root = os.path.abspath(target)  # noqa: PTH100 - links stay as given
    found = read_tree(Tree(root=root, location=target), limits)
    return TargetSet(label=target, distributions=found, roots=(root,), site_roots=(root,))
