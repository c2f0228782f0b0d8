"""What is measured: each thing a command, with what must be so before it and what it is compared with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks import corpus
from benchmarks.clock import Run, run

PYTHON = sys.executable
BIN = Path(PYTHON).parent
LIMIT_SECONDS = 1800.0
SHORT = 15
"""How often something that takes less than a second is done, where other things are done once."""


Command: TypeAlias = "tuple[str | Path, ...]"


SCANNED = (0, 2)
"""A scan that does not fail ends so; 2 as the corpus holds native modules on ways from a start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One command; ``base`` names the measure that its time is divided by, ``target`` the largest ratio.

    The command is made when it is needed: some of what they work on takes minutes to build.
    """

    name: str
    group: str
    what: str
    command: Callable[[], Command]
    base: str = ""
    target: float = 0.0
    repeats: int = 1
    env: tuple[tuple[str, str], ...] = ()
    before: Callable[[], None] | None = None
    is_sampled: bool = False
    codes: tuple[int, ...] = (0,)
    """Exit codes with which it has done its work."""

    def run(self) -> Run:
        """Do it once."""
        if self.before is not None:
            self.before()
        return run(self.command(), limit=LIMIT_SECONDS, env=dict(self.env), is_sampled=self.is_sampled)


def cache() -> Path:
    """The folder in which wheelwatch keeps its facts while it is measured."""
    return corpus.folder() / "cache"


def reports() -> Path:
    """Where the reports of the measured runs lie."""
    place = corpus.folder() / "reports"
    place.mkdir(exist_ok=True)
    return place


def measures() -> dict[str, Measure]:
    """Everything but the peers, by name, in the order in which one round does it."""
    rows = [*_limits(), *_starts(), *_scans(), *_scales()]
    return {row.name: row for row in rows}


def scan(target: Path, report: Path | str, *options: str) -> tuple[str | Path, ...]:
    """A scan whose report counts but whose verdict does not."""
    quiet = ("--format", "json", "--fail-on", "never", "-q")
    return (BIN / "wheelwatch", "scan", target, *quiet, "-o", report, *options)


def in_cache(place: Path) -> tuple[tuple[str, str], ...]:
    """The variable that leads wheelwatch to a cache of our own."""
    return (("XDG_CACHE_HOME", str(place)),)


def empty_cache() -> None:
    """What comes next is cold."""
    shutil.rmtree(cache(), ignore_errors=True)
    cache().mkdir()


def remember(target: Path) -> None:
    """What comes next finds the verdict on the target in the cache, if it asks for it."""
    command = scan(target, reports() / "remembered.json", "--workers", "2", "--recall")
    run(command, limit=LIMIT_SECONDS, env=dict(in_cache(cache())))


def _limits() -> list[Measure]:
    ruff = (BIN / "ruff", "check", "--isolated", "--no-cache", "--select", "E902", "-q")

    def work(name: str, what: str, verb: str, on: Callable[[], Path], *rest: str) -> Measure:
        def command() -> Command:
            return (PYTHON, "-m", "benchmarks.limit", verb, on(), *rest)

        return Measure(name=name, group="limits", what=what, command=command)

    return [
        Measure(
            name="ruff",
            group="limits",
            what="ruff's parse of the tree, two threads",
            command=lambda: (*ruff, corpus.tree()),
            env=(("RAYON_NUM_THREADS", "2"),),
            codes=(0, 1),
        ),
        work("inflate", "inflating the `.py` members of the wheels", "inflate", corpus.wheels),
        work("read", "reading every `.py` of the tree", "read", corpus.tree),
        work("sha256", "reading and hashing every `.py`", "sha256", corpus.tree),
        work("parse-1", "`ast.parse` of every `.py`, one process", "parse", corpus.tree),
        work("parse-2", "`ast.parse` of every `.py`, two processes", "parse", corpus.tree, "2"),
    ]


def _starts() -> list[Measure]:
    def start(name: str, what: str, command: Callable[[], Command], target: float = 0.0) -> Measure:
        return Measure(
            name=name,
            group="start",
            what=what,
            command=command,
            base="" if name == "bare" else "bare",
            target=target,
            repeats=SHORT,
            env=in_cache(cache()),
        )

    program = BIN / "wheelwatch"
    return [
        start("bare", "a bare interpreter start", lambda: (PYTHON, "-c", "pass")),
        start("version", "`wheelwatch --version`", lambda: (program, "--version"), 4.0),
        start("small", "one small wheel", lambda: scan(corpus.small(), reports() / "small.json"), 20.0),
    ]


def _scans() -> list[Measure]:
    return [
        _scan("tree-cold", "the tree, cold", corpus.tree, "ruff", 1.5),
        _scan("tree-warm", "the tree, warm", corpus.tree, "ruff", 0.4),
        _scan("tree-recalled", "the tree, nothing changed, `--recall`", corpus.tree, "ruff"),
        _scan("wheels-cold", "the 153 wheels, cold", corpus.wheels, "inflate", 2.5),
        _scan("wheels-warm", "the 153 wheels, warm", corpus.wheels, "inflate"),
        _scan("wheels-recalled", "the 153 wheels, nothing changed, `--recall`", corpus.wheels, "inflate"),
    ]


def _scan(name: str, what: str, on: Callable[[], Path], base: str, target: float = 0.0) -> Measure:
    group, _, state = name.partition("-")
    more = ("--recall",) if state == "recalled" else ()
    return Measure(
        name=name,
        group=group,
        what=f"wheelwatch, {what}",
        command=lambda: scan(on(), reports() / f"{name}.json", "--workers", "2", *more),
        base=base,
        target=target,
        env=in_cache(cache()),
        before={"cold": empty_cache, "recalled": lambda: remember(on())}.get(state),
        codes=SCANNED,
    )


def _scales() -> list[Measure]:
    return [
        _scale("whole", "the tree", corpus.tree, "ruff"),
        _scale("half", "half the tree", corpus.half, "whole"),
        _scale("twice", "twice the tree", corpus.twice, "whole"),
    ]


def _scale(name: str, what: str, on: Callable[[], Path], base: str) -> Measure:
    return Measure(
        name=name,
        group="scale",
        what=f"wheelwatch, {what}, without a cache",
        command=lambda: scan(on(), reports() / f"{name}.json", "--workers", "2", "--no-cache"),
        base=base,
        is_sampled=True,
        codes=SCANNED,
    )
