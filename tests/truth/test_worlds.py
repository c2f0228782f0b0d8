"""Random sets of packages: wherever an interpreter sets a hook while it starts, there is a chain to it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.reach.sources import linked
from tests.reach.worlds import world
from tests.support.factories import tree
from tests.support.pythons import interpreters
from wheelwatch.model import Reached, Trigger

pytestmark = pytest.mark.executes

WORLDS = range(200)
VERSIONS = [version for version in ("3.8", "3.11", "3.13") if version in interpreters()]
EVENTS = ("sys.settrace", "sys.setprofile")

DRIVER = r"""
import json, os, signal, site, sys

def run(folder, pipe):
    count = [0]
    # Functions that call each other twice do not end in a lifetime: the system ends the process.
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.3)

    def place(frame):
        code = frame.f_code
        if code.co_filename.startswith(folder):
            return [os.path.relpath(code.co_filename, folder), frame.f_lineno, code.co_name]
        back = frame.f_back
        if code.co_filename == "<string>" and back is not None and back.f_code.co_name == "addpackage":
            return ["zz.pth", 1, code.co_name]
        return None

    def heard(event, args):
        if event in ("sys.settrace", "sys.setprofile") and count[0] < 60:
            stack, frame = [], sys._getframe(1)
            while frame is not None:
                stack.append(place(frame))
                frame = frame.f_back
            row = [event, [step for step in stack[::-1] if step]]
            os.write(pipe, json.dumps(row).encode() + b",")
            count[0] += 1

    sys.addaudithook(heard)
    sys.setrecursionlimit(150)
    site.addsitedir(folder)
    os._exit(0)

for line in sys.stdin:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        run(line.rstrip("\n"), write)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    print("[" + data.decode().rstrip(",") + "]", flush=True)
"""

Step = tuple[str, int, str]


def flat(seed: int) -> dict[str, str]:
    return {path: source for files in world(seed).sets().values() for path, source in files.items()}


def ran(version: str, folder: Path) -> list[list[tuple[str, list[Step]]]]:
    """By world: the event and the frames of its files at each hook that is set, outermost first."""
    folders = [tree(folder.resolve() / str(seed), flat(seed)) for seed in WORLDS]
    done = subprocess.run(
        [str(interpreters()[version]), "-I", "-S", "-B", "-c", DRIVER],
        input="".join(f"{one}\n" for one in folders),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=folder,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        [(event, [(path, line, name) for path, line, name in stack]) for event, stack in row]
        for row in rows
    ]


@pytest.fixture(scope="module")
def chains() -> list[dict[tuple[str, int, str], Reached]]:
    """By world: what starts, by file, line and API."""
    return [
        {
            (one.member.path, one.site.line, one.site.api): one
            for package in linked(world(seed).sets())
            for one in package.sites
            if one.trigger is Trigger.STARTUP
        }
        for seed in WORLDS
    ]


def is_within(steps: list[Step], stack: list[Step]) -> bool:
    rest = iter(stack)
    return all(step in rest for step in steps)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_interpreter_runs_has_a_chain(
    version: str, chains: list[dict[tuple[str, int, str], Reached]], tmp_path: Path
) -> None:
    same: dict[tuple[int, str, int, str], bool] = {}
    for seed, (row, known) in enumerate(zip(ran(version, tmp_path), chains, strict=True)):
        for event, stack in row:
            path, line, _ = stack[-1]
            assert (path, line, event) in known, (seed, event, stack)
            found = known[path, line, event]
            assert version in found.pythons
            steps = [(step.path, step.line, step.function) for step in found.chain]
            assert steps[-1] == stack[-1]
            assert len(steps) <= len(stack), (seed, steps, stack)
            key = (seed, path, line, event)
            same[key] = same.get(key, False) or is_within(steps, stack)
    assert len(same) > len(WORLDS)
    # Of a module that two others import the body runs once, which need not be the shorter way.
    assert sum(same.values()) > len(same) * 0.8, [key for key, is_same in same.items() if not is_same]
