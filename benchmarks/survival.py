"""What happens to a scan when its processes are killed, the disk is full, nothing may be written.

``python -m benchmarks.survival [TARGET]`` goes through every case, checks what has to come out of it and
writes benchmarks/SURVIVAL.md; without a target, a folder, the tree of the corpus is scanned. Ends 1 when
something did not hold.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import corpus
from benchmarks.clock import family
from benchmarks.limit import sources

SURVIVAL = Path(__file__).with_name("SURVIVAL.md")
LIMIT_SECONDS = 1800
PROGRAM = Path(sys.executable).with_name("wheelwatch")
FULL = (
    "import resource, os, sys\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)
"""No file may grow beyond 64 KiB: what a full disk is where none can be mounted."""


@dataclass(slots=True)
class Seen:
    """What was seen of one case, in sentences, and what should have been otherwise."""

    facts: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def check(self, what: str, *, holds: bool) -> None:
        """Note one sentence that has to hold."""
        self.facts.append(what)
        if not holds:
            self.wrong.append(what)


class Bench:
    """The target, its report as it should be, and a home for each case."""

    def __init__(self, target: Path, folder: Path) -> None:
        self.target = target
        self.folder = folder
        self.expected = self._report(self.run("expected"), "expected")

    def command(self, name: str, *options: str) -> list[str]:
        """A scan with two workers that writes its report to a file of the case."""
        report = ("--format", "json", "--fail-on", "never", "-q", "-o", str(self.report(name)))
        return [str(PROGRAM), "scan", str(self.target), "--workers", "2", *report, *options]

    def report(self, name: str) -> Path:
        """Where the report of a case lies."""
        return self.folder / f"{name}.json"

    def home(self, name: str) -> Path:
        """The home of a case, with nothing in it at first."""
        place = self.folder / f"home-{name}"
        place.mkdir(exist_ok=True)
        return place

    def environment(self, name: str) -> dict[str, str]:
        """Variables that lead everything which is written to the home of the case."""
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "WHEELWATCH_"))
        }
        return {**kept, "HOME": str(self.home(name))}

    def start(self, name: str, *before: str) -> subprocess.Popen[str]:
        """The scan of a case, running."""
        words = [*before, *self.command(name)]
        return subprocess.Popen(
            words,
            env=self.environment(name),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, name: str, *before: str) -> tuple[int, str]:
        """Exit code and stderr of a whole scan."""
        process = self.start(name, *before)
        said = process.communicate(timeout=LIMIT_SECONDS)[1]
        return process.returncode, said

    def short(self, text: str) -> str:
        """The beginning of what was said, on one line, without our own folder."""
        return " ".join(text.replace(f"{self.folder}/", "").split())[:300] or "nothing"

    def is_right(self, name: str, ended: tuple[int, str]) -> bool:
        """The report of a case is that of an undisturbed scan."""
        return bool(self._report(ended, name) == self.expected)

    def _report(self, ended: tuple[int, str], name: str) -> Any:
        try:
            return json.loads(self.report(name).read_bytes())
        except (OSError, ValueError) as error:
            return f"no report: exit {ended[0]}: {ended[1]} ({error})"


def killed_worker(bench: Bench) -> Seen:
    """A worker is killed with ``kill -9`` four times while it analyses."""
    seen = Seen()
    process = bench.start("worker")
    killed = 0
    for _ in range(4):
        victim = _busy(process)
        if victim:
            os.kill(victim, signal.SIGKILL)
            killed += 1
            time.sleep(0.3)
    said = process.communicate(timeout=LIMIT_SECONDS)[1]
    report = json.loads(bench.report("worker").read_bytes())
    lost = [
        row
        for package in report["packages"]
        for row in package["not_analysed"]
        if row["reason"] == "worker-died"
    ]
    seen.check(f"{killed} workers were killed", holds=killed > 0)
    seen.check(f"exit {process.returncode}, no traceback", holds="Traceback" not in said)
    seen.check(f"{len(lost)} files are lost, at most one for each kill", holds=len(lost) <= killed)
    names = {row["path"] for row in lost}
    seen.check(
        "what is found without the kills and not by way of a lost file is found",
        holds=_found(bench.expected, names) <= _found(report, set()),
    )
    seen.check("no process is left", holds=not _left(process.pid))
    return seen


def killed_parent(bench: Bench) -> Seen:
    """The first process is killed with ``kill -9`` while its workers are busy."""
    seen = Seen()
    process = bench.start("parent")
    worker = _busy(process)
    pids = list(family(process.pid))
    process.kill()
    process.wait()
    process.communicate()
    ended = _wait(lambda: not any(map(_is_alive, pids)), 5)
    seen.check(f"it had {len(pids) - 1} workers", holds=worker > 0)
    seen.check("no orphan is left", holds=ended)
    seen.check("no half of a report is left", holds=not bench.report("parent").exists())
    parts = [path.name for path in bench.folder.glob("*parent*") if path.is_file()]
    seen.check(f"nor a temporary file of it: {parts or 'none'}", holds=not parts)
    again = bench.run("parent")
    seen.check(
        "the next scan with the same cache gives the right report", holds=bench.is_right("parent", again)
    )
    return seen


def full_cache(bench: Bench) -> Seen:
    """The disk is full while the cache is written."""
    seen = Seen()
    with _small_disk(bench.folder / "disk") as disk:
        if disk is None:
            seen.facts.append("no disk could be mounted: no file could grow beyond 64 KiB instead")
            ended = bench.run("full", sys.executable, "-c", FULL)
        else:
            seen.facts.append("the cache lay on a mounted disk of one megabyte")
            ended = bench.run("full", "env", f"XDG_CACHE_HOME={disk}")
            seen.facts.append(f"{shutil.disk_usage(disk).free >> 10} KiB of it were free at the end")
    seen.check(f"exit {ended[0]}; stderr: {bench.short(ended[1])}", holds="Traceback" not in ended[1])
    if bench.report("full").exists():
        seen.check("the report is right", holds=bench.is_right("full", ended))
    else:
        seen.check("it said 2 and named the report", holds=ended[0] == 2 and "full.json" in ended[1])
    seen.check("with room again the report is right", holds=bench.is_right("full", bench.run("full")))
    return seen


def full_report(bench: Bench) -> Seen:
    """The disk is full when the report is written; then a full device is named, and is stdout."""
    seen = Seen()
    with _small_disk(bench.folder / "other") as disk:
        if disk is not None:
            with contextlib.suppress(OSError):
                (disk / "rest").write_bytes(bytes(1 << 21))
            ended = _finish(bench, [*bench.command("device")[:-1], str(disk / "report.json")])
            seen.check(f"exit {ended[0]}: {bench.short(ended[1])}", holds=ended[0] == 2)
            left = [path.name for path in disk.iterdir() if path.name != "rest"]
            seen.check(f"no half of a report: {left or 'nothing'} is there", holds=not left)
    ended = _finish(bench, [*bench.command("device")[:-1], "/dev/full"])
    seen.check(f"to /dev/full: exit {ended[0]}: {bench.short(ended[1])}", holds=ended[0] == 2)
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        words = [str(PROGRAM), "scan", str(corpus.small())]
        code = subprocess.run(words, stdout=full, stderr=subprocess.DEVNULL, check=False).returncode
    seen.check(f"stdout at a full device: exit {code}", holds=code in (1, 2))
    return seen


def _finish(bench: Bench, words: list[str]) -> tuple[int, str]:
    done = subprocess.run(
        words, env=bench.environment("device"), capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr + ("Traceback" if "Traceback" in done.stdout else "")


def locked_home(bench: Bench) -> Seen:
    """Nothing in the home may be written."""
    seen = Seen()
    home = bench.home("locked")
    home.chmod(0o555)
    before = (sys.executable, "-c", UNPRIVILEGED)
    ended = bench.run("locked", *before)
    home.chmod(0o755)
    seen.check(f"exit {ended[0]}; stderr: {bench.short(ended[1])}", holds=ended[0] == 0)
    seen.check("the report is right", holds=bench.is_right("locked", ended))
    seen.check("nothing was written to the home", holds=not any(home.iterdir()))
    return seen


UNPRIVILEGED = (
    "import ctypes, os, sys\n"
    "for capability in (1, 2):\n"
    "    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)
"""Root without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: modes hold for it as for anyone."""

CASES: tuple[tuple[str, Callable[[Bench], Seen]], ...] = (
    ("kill -9 of a worker", killed_worker),
    ("kill -9 of the first process", killed_parent),
    ("a full disk under the cache", full_cache),
    ("a full disk under the report", full_report),
    ("a read-only home", locked_home),
)


def survive(target: Path, folder: Path) -> Iterator[tuple[str, str, Seen]]:
    """Each case with what was seen."""
    bench = Bench(target, folder)
    assert isinstance(bench.expected, dict), bench.expected
    for name, case in CASES:
        yield name, (case.__doc__ or "").strip(), case(bench)


def main(arguments: list[str]) -> int:
    target = Path(arguments[0]) if arguments else corpus.tree()
    size = f"{len(list(target.glob('*.dist-info')))} distributions, {len(sources(target))} `.py` files"
    lines = [
        "# What a scan survives",
        "",
        "Written by `make survival`; do not edit. Each line was checked.",
    ]
    lines += [f"Scanned was a part of the corpus: {size}." if arguments else f"Scanned: {size}.", ""]
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="survival-", dir=corpus.folder()) as folder:
        for name, what, seen in survive(target, Path(folder)):
            wrong += len(seen.wrong)
            lines += [f"## {name}", "", what, ""]
            lines += [f"- {fact}{' **(not so)**' if fact in seen.wrong else ''}" for fact in seen.facts] + [
                ""
            ]
            print("\n".join([f"{name}: {what}", *(f"  {fact}" for fact in seen.facts)]), flush=True)
            print("".join(f"  NOT SO: {fact}\n" for fact in seen.wrong), end="")
    SURVIVAL.write_text("\n".join(lines))
    return 1 if wrong else 0


def _busy(process: subprocess.Popen[str]) -> int:
    """A worker that is at work, waited for; 0 when the scan has ended."""
    found: list[int] = []

    def look() -> bool:
        found[:] = [pid for pid in family(process.pid) if pid != process.pid and _is_running(pid)]
        return bool(found) or process.poll() is not None

    _wait(look, 60)
    return found[-1] if found else 0


def _wait(until: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _is_running(pid: int) -> bool:
    return _state(pid) == "R"


def _is_alive(pid: int) -> bool:
    return _state(pid) not in ("", "Z", "X")


def _left(pid: int) -> list[int]:
    """Processes of the session that this one led."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == pid and fields[0] not in "ZX":
                found.append(int(place.name))
    return found


def _found(report: dict[str, Any], lost: set[str]) -> set[tuple[Any, ...]]:
    """What a report finds in files that are not lost, and not by a way that leads through one of these."""
    return {
        (package["name"], row["rule"], row["api"], row["path"], row["line"], row["column"])
        for package in report["packages"]
        for row in package["findings"]
        if lost.isdisjoint([row["path"], *(step["path"] for step in row["chain"])])
    }


@contextlib.contextmanager
def _small_disk(place: Path) -> Iterator[Path | None]:
    """A disk of one megabyte, where this user may mount one."""
    place.mkdir()
    mount = shutil.which("mount")
    words = [mount or "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    is_mounted = bool(mount) and subprocess.run(words, capture_output=True, check=False).returncode == 0
    try:
        yield place if is_mounted else None
    finally:
        if is_mounted:
            subprocess.run(["umount", str(place)], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
