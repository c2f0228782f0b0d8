"""What an audit costs against downloading alone and judging alone, from an index on loopback.

``python -m benchmarks.audit FOLDER [STEP]`` takes every STEP-th wheel of a folder. Times are by the clock
and by the processor, with all children; memory is what all processes hold at one time, shared parts once.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import httpx
from packaging.utils import parse_wheel_filename

from tests.support.index import serve

EVERY = 0.5
"""Seconds between two looks at the memory."""


class Cost(NamedTuple):
    """Seconds by the clock and by the processor, and MiB."""

    clock: float
    processor: float
    memory: float


def main(folder: str, step: int = 1) -> None:
    """Prints one row for each way."""
    wheels = sorted(Path(folder).glob("*.whl"))[::step]
    with serve() as index, tempfile.TemporaryDirectory() as place:
        pins = []
        for path in wheels:
            name, version, _, _ = parse_wheel_filename(path.name)
            index.add(path, name)
            pins.append(f"{name}=={version}\n")
        wanted = Path(place, "requirements.txt")
        wanted.write_text("".join(pins))
        print(f"{len(wheels)} wheels, {sum(path.stat().st_size for path in wheels) / 2**20:.0f} MiB")
        print(
            "downloading alone",
            _download([f"{index.base}/files/{row}" for row in _files(index.files)], place),
        )
        tool = [sys.executable, "-m", "wheelwatch"]
        quiet = ["--no-cache", "--fail-on", "never", "--format", "json", "-o", os.devnull]
        print("judging alone", _run([*tool, "scan", *map(str, wheels), *quiet], {}))
        command = [*tool, "audit", "-r", str(wanted), "--no-deps", "-i", index.url, *quiet]
        own = {name: "" for name in os.environ if name.startswith("PIP_")}
        own |= {"HOME": place, "XDG_CACHE_HOME": place, "PIP_CONFIG_FILE": os.devnull}
        print("audit", _run(command, own))


def _files(files: dict[str, list]) -> Sequence[str]:  # type: ignore[type-arg]
    return [f"{name}/{row.path.name}" for name, rows in files.items() for row in rows]


def _download(addresses: Sequence[str], place: str) -> Cost:
    begin, used = time.monotonic(), time.process_time()
    with httpx.Client(trust_env=False) as client, open(Path(place, "file"), "wb") as file:  # noqa: PTH123
        for address in addresses:
            with client.stream("GET", address) as answer:
                for part in answer.iter_raw():
                    file.write(part)
    return Cost(time.monotonic() - begin, time.process_time() - used, 0)


def _run(command: Sequence[str], environment: dict[str, str]) -> Cost:
    begin, before = time.monotonic(), _used()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.PIPE)
    most = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, most), daemon=True)
    watcher.start()
    _, err = process.communicate()
    print("  " + err.decode().strip().replace("\n", "\n  "))
    return Cost(time.monotonic() - begin, _used() - before, most[0])


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _watch(process: subprocess.Popen[bytes], most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], sum(map(_held, _family(process.pid))) / 1024)
        time.sleep(EVERY)


def _family(pid: int) -> Sequence[int]:
    """A process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _held(pid: int) -> int:
    """KiB in proportion to who shares them."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in rows if row.startswith("Pss:")), 0)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
