"""Running one command and knowing what it took: seconds, and the memory of all its processes."""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

SAMPLE_SECONDS = 0.05


class Run(NamedTuple):
    """How one command went.

    ``seconds`` by the clock; ``code`` is ``None`` when the time limit ended it; ``peak`` in bytes: the
    largest sum of the proportional set sizes of all processes, 0 when it was not sampled; ``said`` is the
    end of what it wrote to stderr; ``processor`` the seconds that all of its processes worked.
    """

    seconds: float
    code: int | None
    peak: int
    said: str
    processor: float = 0.0


def run(
    command: Sequence[str | Path],
    *,
    limit: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    is_sampled: bool = False,
) -> Run:
    """Run a command to its end, or to its time limit in seconds; its whole session is ended with it."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as errors:
        before = _worked()
        begin = time.perf_counter()
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**_ambient(), **(env or {})},
            cwd=cwd,
            start_new_session=True,
        )
        peak = _follow(process.pid, begin + limit, is_sampled=is_sampled)
        is_late = process.poll() is None and time.perf_counter() >= begin + limit
        if is_late:
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        seconds = time.perf_counter() - begin
        return Run(seconds, None if is_late else code, peak, _tail(errors), _worked() - before)


def _ambient() -> dict[str, str]:
    """Our own variables without those that make every Python slower or louder than its users have it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _worked() -> float:
    """Processor seconds of all processes that have been waited for, by us or by one of them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _follow(pid: int, deadline: float, *, is_sampled: bool) -> int:
    """Wait for the end of a process, exact to the millisecond; the peak of its family if asked for."""
    peak = 0
    descriptor = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    try:
        while (left := deadline - time.perf_counter()) > 0:
            patience = min(left, SAMPLE_SECONDS) if is_sampled else left
            if poll.poll(patience * 1000):
                break
            if is_sampled:
                peak = max(peak, sum(map(proportional, family(pid))))
    finally:
        os.close(descriptor)
    return peak


def family(pid: int) -> Iterator[int]:
    """A process and all that it and its children started, as far as they are alive."""
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        try:
            for thread in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except OSError:
            continue


def proportional(pid: int) -> int:
    """Bytes of memory of a process, each shared page divided by its sharers; 0 when it has gone."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as rows:  # noqa: PTH123 - called often
            return next((int(row.split()[1]) * 1024 for row in rows if row.startswith(b"Pss:")), 0)
    except OSError:
        return 0


def _tail(stream: IO[bytes]) -> str:
    stream.seek(0, os.SEEK_END)
    stream.seek(max(0, stream.tell() - 2000))
    return stream.read().decode(errors="replace").strip()
