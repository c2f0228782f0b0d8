"""Workers that die, hang or lose their parent cost their own call, and nothing else."""

from __future__ import annotations

import faulthandler
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

from wheelwatch.engine.process import Call, Crew, Death

pytestmark = pytest.mark.processes


def obey(connection: Connection) -> None:
    """A worker that does to itself what it is told."""
    faulthandler.disable()
    held: list[bytes] = []
    while True:
        order = connection.recv_bytes()
        match order.split():
            case [b"kill", number]:
                os.kill(os.getpid(), int(number))
            case [b"exit", code]:
                os._exit(int(code))
            case [b"sleep", seconds]:
                time.sleep(float(seconds))
            case [b"grow", size]:
                held.append(bytes(range(256)) * (int(size) // 256))
            case [b"pid"]:
                order = str(os.getpid()).encode()
        connection.send_bytes(order)


@pytest.fixture
def crew() -> Iterator[Crew]:
    workers = Crew(obey, 2, seconds=20)
    yield workers
    workers.close()


def answers(crew: Crew, *orders: bytes) -> dict[int, bytes | Death]:
    calls: list[Call] = list(enumerate(orders))
    return dict(crew.run(calls))


def test_every_call_is_answered(crew: Crew) -> None:
    orders = [str(number).encode() for number in range(200)]
    assert answers(crew, *orders) == dict(enumerate(orders))


def test_no_more_workers_than_calls(crew: Crew) -> None:
    assert len({answers(crew, b"pid")[0] for _ in range(5)}) == 1


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (b"kill 11", -signal.SIGSEGV),
        (b"kill 9", -signal.SIGKILL),
        (b"kill 14", -signal.SIGALRM),
        (b"exit 3", 3),
    ],
)
def test_a_death_costs_one_call(crew: Crew, order: bytes, code: int) -> None:
    found = answers(crew, b"a", order, b"b", b"c")
    assert found.pop(1) == Death(code, overdue=False)
    assert found == {0: b"a", 2: b"b", 3: b"c"}


def test_every_call_may_be_deadly(crew: Crew) -> None:
    found = answers(crew, *[b"kill 9"] * 20)
    assert len(found) == 20
    assert set(found.values()) == {Death(-signal.SIGKILL, overdue=False)}


def test_a_worker_that_hangs_is_ended() -> None:
    workers = Crew(obey, 2, seconds=0.3)
    try:
        found = answers(workers, b"sleep 60", b"a", b"b")
    finally:
        workers.close()
    assert found == {0: Death(-signal.SIGKILL, overdue=True), 1: b"a", 2: b"b"}


def test_a_worker_that_died_idle_is_noticed(crew: Crew) -> None:
    first = answers(crew, b"pid")[0]
    assert isinstance(first, bytes)
    os.kill(int(first), signal.SIGKILL)
    assert answers(crew, b"a", b"b", b"c").keys() == {0, 1, 2}


def test_messages_of_megabytes(crew: Crew) -> None:
    orders = [bytes([65 + number]) * 3_000_000 for number in range(4)]
    assert answers(crew, *orders) == dict(enumerate(orders))


PARENT = """
    import os, signal, sys, time
    from wheelwatch.engine.process import Crew
    from tests.engine.test_process import obey
    crew = Crew(obey, 2, seconds=60)
    pids = [answer.decode() for _, answer in crew.run([(0, b"pid")])]
    crew._hire()
    print(*[worker.process.pid for worker in crew._workers], flush=True)
    list(crew.run([(0, b"spin"), (1, b"sleep 60")]))
"""


def test_workers_do_not_outlive_their_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2
    time.sleep(0.2)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while any(map(is_running, pids)):
        assert time.monotonic() < deadline, "a worker is an orphan"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_no_more_calls_at_once_than_asked_for(crew: Crew) -> None:
    calls: list[Call] = [(number, b"pid") for number in range(6)]
    assert len({answer for _, answer in crew.run(calls, at_once=1)}) == 1


def test_the_next_call_is_made_when_a_worker_is_free(crew: Crew) -> None:
    made: list[int] = []

    def calls() -> Iterator[Call]:
        for number in range(6):
            made.append(number)
            yield number, b"x"

    running = crew.run(calls(), at_once=1)
    next(running)
    assert made == [0]
    assert len(list(running)) == 5


def test_a_worker_that_has_grown_is_replaced() -> None:
    workers = Crew(obey, 1, seconds=20, kept_bytes=64 << 20)
    try:
        pids = [answers(workers, order)[0] for order in (b"pid", b"grow 99000000", b"pid", b"pid")]
    finally:
        workers.close()
    assert pids[0] != pids[2]
    assert pids[2] == pids[3], "what it shares with its parent is not its own"
