"""One scan of a hostile target, with the system's limits as a safety net, and what its report must say."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.guard import GUARD
from tests.torture.case import PLANTED, Made

SECONDS = 300
"""When a scan counts as hanging: a safety net, not a measurement."""
MEMORY = 4 << 30
"""Address space of the first process; workers have a limit of their own below that."""
PROCESSOR_SECONDS = 240

WITHOUT_RIGHTS = (
    "import ctypes, os, sys\n"
    "for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH\n"
    "    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; exec takes them away\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'wheelwatch', *sys.argv[1:]])\n"
)


def scan(made: Made, *, has_rights: bool = True) -> tuple[int, dict[str, Any], str]:
    """Exit code, report and stderr of a scan that ends by itself.

    Raises:
        AssertionError: it did not end, or wrote no report.
    """
    start = ["-m", "wheelwatch"] if has_rights else ["-c", WITHOUT_RIGHTS]
    options = ["--format", "json", "--fail-on", "medium", "--workers", "2"]
    targets = [str(made.target), *map(str, made.others)]
    with made.during():
        try:
            done = subprocess.run(
                [sys.executable, *start, "scan", *targets, *options],
                env={**os.environ, **(GUARD.environment() if has_rights else {}), "PYTHONUTF8": "1"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                preexec_fn=_limit,
            )
        except subprocess.TimeoutExpired:
            raise AssertionError(f"no end within {SECONDS} s") from None
    said = done.stderr.decode(errors="replace")
    assert done.stdout, f"exit {done.returncode} without a report: {said}"
    report: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, report, said


def problems(made: Made, code: int, report: dict[str, Any], said: str) -> Iterator[str]:
    """What is wrong with the answer; nothing when it is right."""
    if code != 1:
        yield f"exit {code}, and a planted hook is medium: {said[-500:]}"
    if "Traceback" in said or "internal error" in said:
        yield said[-2000:]
    places = set(named(report))
    if not any(rule == "hook-trace" and path.endswith(PLANTED) for rule, path in places):
        yield f"the planted hook was not found; named are {sorted(path for _, path in places)[:20]}"
    for name in made.named:
        if not any(path == name or Path(path).name == name for _, path in places):
            yield f"{name!r} is not named; named are {sorted(path for _, path in places)[:20]}"
    yield from (f"{rule} on {path}" for rule, path in places if rule in FAULTS)


FAULTS = ("analysis-rule-failed", "internal-error")
"""What a report must never hold: it is our fault, whatever the target is."""


def named(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Rule or reason, and path, of everything that the report says."""
    for package in report["packages"]:
        yield from ((row["rule"], row["path"]) for row in package["findings"])
        yield from ((row["reason"], row["path"]) for row in package["not_analysed"])
    yield from (("error", row["where"]) for row in report["errors"])


def _limit() -> None:
    for what, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, PROCESSOR_SECONDS)):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (value, hard))
