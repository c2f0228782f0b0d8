"""Worker processes that may die: started, fed, timed, buried and replaced.

Why not a ready-made pool (measured on two cores, bare interpreter start 10 ms): ``pebble`` costs 45 ms
more to import than ``multiprocessing`` alone and 100 ms to stop, sees a death after up to 100 ms, forks
replacements from a thread, and its busy workers live on when the parent is killed;
``concurrent.futures`` gives up the whole pool when one worker dies and has no time limit per task. Here
the standard library's processes and pipes are watched by the one thread that there is, so a fork never
copies a lock that another thread holds, a death is seen at once, and the file that caused it is known.

A worker is forked where that is safe (one thread), as it then starts in 3 ms and needs neither the
caller's main module nor anything from the current directory, which may belong to the target.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import TypeAlias

import msgspec

Serve: TypeAlias = Callable[[Connection], None]
"""What runs in the worker: answers each message of bytes with one message of bytes, until the end."""

Call: TypeAlias = tuple[int, bytes]
"""A number chosen by the caller, and the message."""

STOP_SECONDS = 0.5


class Death(msgspec.Struct, frozen=True):
    """A worker ended without an answer; negative codes are signals, as ``subprocess`` has them."""

    code: int | None
    overdue: bool
    """It was ended from here because it took too long."""


class Worker:
    """One process with its pipe, and the call that it works on."""

    def __init__(self, serve: Serve, siblings: Sequence[Worker]) -> None:
        method = _method()
        context = multiprocessing.get_context(method)
        self.connection, remote = context.Pipe()
        self.shared = _resident(os.getpid()) if method == "fork" else 0
        """Bytes of memory that it has from its parent, as long as nobody writes them."""
        life, self.life = os.pipe()
        inherited = [self.connection, *(sibling.connection for sibling in siblings)]
        lives = [self.life, *(sibling.life for sibling in siblings)]
        if method == "fork":
            self.process = _process(context, _forked, serve, remote, life, inherited, lives)
        else:
            self.process = _process(context, _spawned, serve, remote)
        with _safe_path(), _no_interrupt():
            self.process.start()
        remote.close()
        os.close(life)
        self.call: int | None = None
        self.deadline = 0.0

    def send(self, number: int, message: bytes, seconds: float) -> None:
        """Hands over one call; a broken pipe shows as a death when the answer is awaited."""
        self.call, self.deadline = number, time.monotonic() + seconds
        with contextlib.suppress(OSError):
            self.connection.send_bytes(message)

    def kill(self) -> int | None:
        """Ends it for certain and says how it ended."""
        self.process.kill()
        self.process.join(STOP_SECONDS)
        code = self.process.exitcode
        self.close()
        return code

    def close(self) -> None:
        """Gives its pipes back."""
        self.connection.close()
        if self.life >= 0:
            os.close(self.life)
            self.life = -1


class Crew:
    """Up to ``size`` workers, started when there is work for them.

    ``before`` is called ahead of each start: to let go of what must not be inherited. A worker that holds
    more than ``kept_bytes`` of memory of its own after a call is replaced by a fresh one.
    """

    def __init__(
        self,
        serve: Serve,
        size: int,
        seconds: float,
        before: Callable[[], None] = lambda: None,
        kept_bytes: int = sys.maxsize,
    ) -> None:
        self._serve = serve
        self._before = before
        self._kept_bytes = kept_bytes
        self._size = size
        self._seconds = seconds
        self._workers: list[Worker] = []

    def start(self, count: int = 1) -> None:
        """Starts the first workers ahead of their work, so that they load while the caller reads.

        A caller that will have threads starts all of them, as it can fork no more then.
        """
        while len(self._workers) < min(count, self._size):
            self._hire()

    def run(self, calls: Iterable[Call], at_once: int = sys.maxsize) -> Iterator[tuple[int, bytes | Death]]:
        """The answers to all calls, in the order in which they arrive; at most ``at_once`` are worked on.

        Each call is answered once, by the worker's message or by the death of the worker. The next call is
        asked for when a worker is free for it.
        """
        waiting = iter(calls)
        busy: list[Worker] = []
        is_over = False
        while busy or not is_over:
            while not is_over and len(busy) < min(at_once, self._size):
                call = next(waiting, None)
                if call is None:
                    is_over = True
                    break
                worker = self._idle(busy)
                worker.send(*call, self._seconds)
                busy.append(worker)
            if not busy:
                break
            for worker in self._ready(busy):
                busy.remove(worker)
                yield self._collect(worker)

    def close(self) -> None:
        """Ends every worker; nothing of theirs is worth waiting for."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def _idle(self, busy: Sequence[Worker]) -> Worker:
        for worker in self._workers:
            if worker not in busy:
                return worker
        return self._hire()

    def _hire(self) -> Worker:
        self._before()
        worker = Worker(self._serve, self._workers)
        self._workers.append(worker)
        return worker

    def _ready(self, busy: Sequence[Worker]) -> list[Worker]:
        """Workers with an answer, dead or overdue."""
        patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        signalled = wait([worker.connection for worker in busy], patience)
        now = time.monotonic()
        return [worker for worker in busy if worker.connection in signalled or worker.deadline <= now]

    def _collect(self, worker: Worker) -> tuple[int, bytes | Death]:
        number = worker.call
        assert number is not None  # noqa: S101 - only busy workers are collected
        worker.call = None
        try:
            if worker.connection.poll():
                answer = worker.connection.recv_bytes()
                if _resident(worker.process.pid) - worker.shared > self._kept_bytes:
                    self._workers.remove(worker)
                    worker.kill()
                return number, answer
            overdue = True
        except (EOFError, OSError):
            overdue = False
        self._workers.remove(worker)
        if not overdue:
            worker.process.join(STOP_SECONDS)
        return number, Death(worker.kill(), overdue)


def _process(context: BaseContext, target: Callable[..., None], *arguments: object) -> BaseProcess:
    # Every context has this class; the type stubs name it only on the concrete ones.
    process: BaseProcess = context.Process(target=target, args=arguments, daemon=True)  # type: ignore[attr-defined]
    return process


def _resident(number: int | None) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        with open(f"/proc/{number}/statm", "rb") as stream:  # noqa: PTH123 - read once for each batch
            return int(stream.read().split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def _method() -> str:
    """``fork`` when no other thread can hold a lock at that moment, else ``forkserver``."""
    available = multiprocessing.get_all_start_methods()
    if "fork" in available and threading.active_count() == 1 and sys.platform != "darwin":
        return "fork"
    return "forkserver" if "forkserver" in available else "spawn"


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """A Ctrl-C waits until the new process has had the time to ignore it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _safe_path() -> Iterator[None]:
    """Interpreters that are started now do not put the current directory on their path."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def _forked(
    serve: Serve, remote: Connection, life: int, inherited: list[Connection], lives: list[int]
) -> None:
    """Entry of a forked worker: lets go of what belongs to the parent and its other workers.

    Were a sibling's pipe kept open here, the sibling would not see the parent's end.
    """
    for connection in inherited:
        connection.close()
    for descriptor in lives:
        os.close(descriptor)
    _die_with(life)
    _spawned(serve, remote)


def _spawned(serve: Serve, remote: Connection) -> None:
    # Ctrl-C reaches the whole process group; the parent decides what becomes of the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(EOFError, OSError):
        serve(remote)


def _die_with(life: int) -> None:
    """The kernel ends this process when the parent is gone, also in the middle of a long C call.

    Only the parent holds the other end of the pipe; its closing raises SIGIO, whose default is to end.
    """
    import fcntl  # noqa: PLC0415 - POSIX only, as is fork

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(life, fcntl.F_GETFL)
    fcntl.fcntl(life, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
    try:
        gone = os.read(life, 1) == b""
    except BlockingIOError:
        gone = False
    if gone:
        os._exit(1)
