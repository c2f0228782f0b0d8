"""What one hostile input is: how it is made, and what a report must say about it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.factories import Content, site_dir, wheel

HOOK = "import sys\nsys.settrace(print)\n"
"""A module that nobody can call hostile in form, and that has to be found."""

PLANTED = "planted.py"


@dataclass(frozen=True, slots=True)
class Made:
    """A target with the hostile names in it.

    ``named`` are paths of which each must be the place of a finding, of a file that was not analysed or of
    an error. ``during`` is entered while the scan runs.
    """

    target: Path
    named: tuple[str, ...]
    others: tuple[Path, ...] = ()
    during: Callable[[], AbstractContextManager[object]] = field(default=nullcontext)


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile input. ``is_slow``: it takes seconds, and is left out of ``make test``."""

    name: str
    make: Callable[[Path], Made]
    is_slow: bool = False
    has_rights: bool = True
    """The scan runs with the rights of its user; else it may read only what modes allow."""


def site(
    folder: Path, files: Mapping[str, Content], *named: str, loose: Mapping[str, Content] = {}
) -> Made:
    """A site directory whose one distribution holds these files and the planted module."""
    root = site_dir(folder / "site-packages", {"demo-1.0": {PLANTED: HOOK, **files}}, loose)
    return Made(root, named or tuple(files) + tuple(loose))


def source(name: str, text: Callable[[], Content], *, is_slow: bool = False) -> Case:
    """A source that holds a hook itself: it has to be found, or the file is not analysed."""
    return Case(name, lambda folder: site(folder, {"hostile.py": text()}), is_slow=is_slow)


def packed(folder: Path, files: Mapping[str, Content], *named: str, **options: object) -> Made:
    """A wheel with these files and the planted module."""
    path = wheel(folder, {PLANTED: HOOK, **files}, **options)  # type: ignore[arg-type]  # those of wheel()
    return Made(path, named or tuple(files))


class Meddler:
    """Does something to the target over and over, in a process of its own, while the scan runs."""

    def __init__(self, meddle: Callable[[int], None]) -> None:
        self._meddle = meddle
        self._pid = 0

    def __enter__(self) -> Meddler:
        self._pid = os.fork()
        if self._pid == 0:
            number = 0
            while os.getppid() != 1 and number < 1_000_000:
                with suppress(OSError):
                    self._meddle(number)
                number += 1
            os._exit(0)
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
