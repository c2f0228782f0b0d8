"""The peers: other programs that look for hostile Python, each in an environment of its own, pinned."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks import corpus
from benchmarks.clock import run
from tests.support.pythons import interpreters

Commands: TypeAlias = "list[tuple[str | Path, ...]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One program: what it is given, and what it cannot do of what wheelwatch does."""

    name: str
    version: str
    given: str
    commands: Callable[[Path], Commands]
    lacks: str


@dataclass(frozen=True, slots=True)
class Went:
    """How a peer went: seconds in all, how many of its commands ended, exit codes, peak in bytes."""

    seconds: float
    done: int
    total: int
    codes: tuple[int, ...]
    peak: int
    said: str

    @property
    def is_complete(self) -> bool:
        """It ended by itself within the limit."""
        return self.done == self.total


def report(name: str) -> Path:
    """Where the report of a peer lies."""
    place = corpus.folder() / "reports"
    place.mkdir(exist_ok=True)
    return place / name


def _hexora(programs: Path) -> Commands:
    to = ("--output-format", "json", "--output-path", report("hexora.json"))
    return [(programs / "hexora", "audit", corpus.tree(), *to)]


def _bandit(programs: Path) -> Commands:
    return [(programs / "bandit", "-r", corpus.tree(), "-q", "-f", "json", "-o", report("bandit.json"))]


def _guarddog(programs: Path) -> Commands:
    form = ("--no-sandbox", "--output-format", "json")
    return [(programs / "guarddog", "pypi", "scan", corpus.tree(), *form)]


def _codeaudit(programs: Path) -> Commands:
    return [(programs / "codeaudit", "cimode", corpus.tree(), "--output=json")]


def _pydepgate(programs: Path) -> Commands:
    form = ("--deep", "--no-bar", "--format", "json")
    return [(programs / "pydepgate", "scan", path, *form) for path in sorted(corpus.wheels().glob("*.whl"))]


PEERS = (
    Peer(
        name="hexora",
        version="0.3.2",
        given="the tree",
        commands=_hexora,
        lacks="reads `.py` files one by one; no `.pth`, no wheels, no triggers",
    ),
    Peer(
        name="bandit",
        version="1.9.4",
        given="the tree",
        commands=_bandit,
        lacks="a linter of `.py` files; no `.pth`, no wheels, no hooks",
    ),
    Peer(
        name="guarddog",
        version="3.2.0",
        given="the tree, as a folder, without its sandbox",
        commands=_guarddog,
        lacks="made for one package at a time; asks the network for lists when it starts",
    ),
    Peer(
        name="codeaudit",
        version="1.9.2",
        given="the tree",
        commands=_codeaudit,
        lacks="one process; no `.pth`, no wheels",
    ),
    Peer(
        name="pydepgate",
        version="0.7.0",
        given="the 153 wheels, one command each, `--deep`",
        commands=_pydepgate,
        lacks="one artifact per run, no folder; leaves `tests/` and `docs/` out",
    ),
)


PYTHON = "3.12"
"""One of the peers starts with no older one."""


def install(peer: Peer) -> Path:
    """The folder of the peer's programs, in an environment that is made when it is not there.

    Raises:
        subprocess.CalledProcessError: it cannot be installed here.
    """
    place = corpus.folder() / "peers" / f"{peer.name}-{peer.version}"
    if not (place / ".done").exists():
        uv = [sys.executable, "-m", "uv"]
        base = interpreters().get(PYTHON, Path(sys.executable))
        subprocess.run([*uv, "venv", "-q", "--clear", "-p", str(base), str(place)], check=True)
        python = str(place / "bin" / "python")
        pinned = f"{peer.name}=={peer.version}"
        subprocess.run([*uv, "pip", "install", "-q", "-p", python, pinned], check=True)
        (place / ".done").touch()
    return place / "bin"


def measure(peer: Peer, seconds: float) -> Went:
    """Run a peer over what it can take of the corpus, at most so many seconds in all."""
    spent, peak, said = 0.0, 0, ""
    codes: list[int] = []
    try:
        commands = peer.commands(install(peer))
    except subprocess.CalledProcessError:
        return Went(0.0, 0, 1, (), 0, "could not be installed")
    for command in commands:
        ended = run(command, limit=seconds - spent, cwd=corpus.folder(), is_sampled=True)
        spent += ended.seconds
        peak = max(peak, ended.peak)
        if ended.code is None:
            break
        codes.append(ended.code)
        said = ended.said or said
    return Went(spent, len(codes), len(commands), tuple(sorted(set(codes))), peak, said)
