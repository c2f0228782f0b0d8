"""Values and calls that cross files, planted at startup: chains are real stacks, up to elided frames."""

from __future__ import annotations

import json
import subprocess
from functools import cache

import pytest

from tests.evasions.table import Snippet, snippets
from tests.reach.sources import linked
from tests.support.factories import tree
from tests.support.pythons import interpreters
from wheelwatch.model import Reached, Trigger

pytestmark = pytest.mark.executes

EVENTS = {"trace": "sys.settrace", "profile": "sys.setprofile", "audit": "sys.addaudithook"}
VERSIONS = ("3.8", "3.11", "3.13")
ROWS = ("neighbours", "split")
UNFOLLOWED = ("exception carries function",)
"""What an exception carries is not followed: the chain ends where it is raised, not where it is caught."""
CHOSEN = [
    one
    for one in snippets()
    if one.row in ROWS
    and len(one.files) > 1
    and one.effect in EVENTS
    and not one.name.startswith(UNFOLLOWED)
]
PLANTED = [one for one in CHOSEN if not one.is_quiet]
QUIET = [one for one in CHOSEN if one.is_quiet]

DRIVER = r"""
import json, os, site, sys
event_of = {"trace": "sys.settrace", "profile": "sys.setprofile", "audit": "sys.addaudithook"}

def run(folder, wanted):
    stacks = []

    def place(frame):
        code = frame.f_code
        if code.co_filename.startswith(folder):
            return [os.path.relpath(code.co_filename, folder), frame.f_lineno, code.co_name]
        back = frame.f_back
        if code.co_filename == "<string>" and back is not None and back.f_code.co_name == "addpackage":
            return ["zz.pth", 1, code.co_name]
        return None

    def heard(event, args):
        if event == wanted and not stacks:
            stack, frame = [], sys._getframe(1)
            while frame is not None:
                stack.append(place(frame))
                frame = frame.f_back
            stacks.append([step for step in stack[::-1] if step])

    sys.addaudithook(heard)
    del stacks[:]
    site.addsitedir(folder)
    import atexit
    atexit._run_exitfuncs()
    return stacks[0] if stacks else []

for line in sys.stdin:
    folder, effect = line.rstrip("\n").split("\t")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        try:
            answer = run(folder, event_of[effect])
        except BaseException as problem:
            answer = repr(problem)
        sys.settrace(None)
        sys.setprofile(None)
        os.write(write, json.dumps(answer).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    print(data.decode(), flush=True)
"""


def files(snippet: Snippet) -> dict[str, str]:
    return {"zz.pth": "import snippet\n", **dict(snippet.files)}


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[tuple[str, int, str]]]]:
    """By version and snippet: the frames of the planted files at the event, outermost first."""
    root = tmp_path_factory.mktemp("planted").resolve()
    lines = []
    for number, snippet in enumerate(CHOSEN):
        folder = root / str(number)
        tree(folder, files(snippet))
        lines.append(f"{folder}\t{snippet.effect}\n")
    found: dict[str, dict[str, list[tuple[str, int, str]]]] = {}
    for version in VERSIONS:
        executable = interpreters().get(version)
        if executable is None:
            continue
        done = subprocess.run(
            [str(executable), "-I", "-S", "-B", "-c", DRIVER],
            input="".join(lines),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
            cwd=root,
        )
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        found[version] = {
            _id(snippet): [(path, line, name) for path, line, name in row]
            for snippet, row in zip(CHOSEN, rows, strict=True)
        }
    return found


def _id(snippet: Snippet) -> str:
    return f"{snippet.row}-{snippet.name}{'-quiet' if snippet.is_quiet else ''}".replace(" ", "-")


@cache
def started(snippet: Snippet) -> tuple[Reached, ...]:
    found = [reached for package in linked({"demo": files(snippet)}) for reached in package.sites]
    return tuple(one for one in found if one.site.api == EVENTS[snippet.effect] and not one.site.clears)


def chain(reached: Reached) -> list[tuple[str, int, str]]:
    return [(step.path, step.line, step.function) for step in reached.chain]


def is_within(steps: list[tuple[str, int, str]], stack: list[tuple[str, int, str]]) -> bool:
    """Whether the steps are frames of the stack in its order, from the first to the last one."""
    rest = iter(stack)
    return steps[0] == stack[0] and steps[-1] == stack[-1] and all(step in rest for step in steps)


DEFERRED = ("dunder del on reassign", "thread started by neighbour", "atexit by helper")
"""Those whose event comes later than their chain: only the last frame can be the same."""

DECORATED = (
    "decorator that runs at once",
    "decorator from a neighbour",
    "class decorator in neighbour",
    "class with __call__ as decorator",
)
"""Before 3.9 a frame that calls a decorator stands at the line of the function, not of the decorator."""


def planted(steps: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """The steps without the frames of code that is text: they stand at the call that runs it."""
    pairs = zip([("", 0, ""), *steps], steps, strict=False)
    return [step for before, step in pairs if step[:2] != before[:2] or step[2] != "<module>"]


def agrees(snippet: Snippet, reached: Reached, version: str, stack: list[tuple[str, int, str]]) -> bool:
    steps = planted(chain(reached))
    if snippet.name.startswith(DEFERRED):
        return not stack or steps[-1] == stack[-1]
    if snippet.name.startswith(DECORATED) and version == "3.8":
        return [step[::2] for step in steps] == [step[::2] for step in stack]
    return is_within(steps, stack)


@pytest.mark.parametrize("snippet", PLANTED, ids=_id)
def test_the_chain_is_the_stack(
    snippet: Snippet, stacks: dict[str, dict[str, list[tuple[str, int, str]]]]
) -> None:
    found = [one for one in started(snippet) if one.trigger is Trigger.STARTUP]
    for version, rows in stacks.items():
        stack = rows[_id(snippet)]
        told = [chain(one) for one in found]
        assert any(agrees(snippet, one, version, stack) for one in found), (version, told, stack)


@pytest.mark.parametrize("snippet", QUIET, ids=_id)
def test_a_near_miss_starts_nothing(
    snippet: Snippet, stacks: dict[str, dict[str, list[tuple[str, int, str]]]]
) -> None:
    assert not [one for one in started(snippet) if one.trigger is not Trigger.CALL]
    assert all(rows[_id(snippet)] == [] for rows in stacks.values())


def test_there_are_enough() -> None:
    assert len(PLANTED) >= 60
    assert len(QUIET) >= 60
