"""What holds for every test: a static test neither runs its target nor opens sockets or processes."""

from __future__ import annotations

import itertools
import os
import traceback
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.guard import GUARD

# How long an example takes says more of the machine than of what is tried.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

NUMBERS = itertools.count()


@pytest.fixture(autouse=True)
def no_execution(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Fail the test when its target is imported, compiled or executed; see ``tests.support.guard``.

    Marks loosen it: ``executes`` switches it off, ``processes`` allows processes, ``network`` allows
    processes and sockets. Where neither is allowed the tool and its workers are guarded as well, however
    they are started; with the others only through ``tests.support.program``.
    """
    marks = {mark.name for mark in request.node.iter_markers()}
    if "executes" in marks:
        yield
        return
    # A test that asks for no folder of its own gets none: each costs a look at all that there are.
    has_folder = "tmp_path" in request.fixturenames
    folder: Path = request.getfixturevalue("tmp_path") if has_folder else tmp_path_factory.getbasetemp()
    may_connect = "network" in marks
    may_start = may_connect or "processes" in marks
    with GUARD.armed(folder, may_start=may_start, may_connect=may_connect):
        if not may_start:
            for name, value in GUARD.environment().items():
                monkeypatch.setenv(name, value)
        yield
    violations = GUARD.violations()
    if violations:
        pytest.fail("the guard was violated:\n" + "\n".join(violations), pytrace=False)


@pytest.fixture(autouse=True)
def no_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own cache out of every test; each has an empty one, if it uses any."""
    place = tmp_path_factory.getbasetemp() / "caches" / str(next(NUMBERS))
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """End a forked child that comes back from its test: it would go on as a second pytest."""
    owner = os.getpid()
    try:
        return (yield)
    finally:
        if os.getpid() != owner:
            traceback.print_exc()
            os._exit(70)
