"""The program as users start it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.guard import GUARD

AMBIENT = ("VIRTUAL_ENV", "CONDA_PREFIX", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONPATH")


class Done(NamedTuple):
    """How a run ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report on stdout."""
        report: dict[str, Any] = json.loads(self.out)
        return report


def wheelwatch(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 300,
    python: Path | None = None,
) -> Done:
    """Run ``python -m wheelwatch``, guarded as the test is, without the ambient settings of this process.

    Args:
        arguments: the command line after ``wheelwatch``.
        cwd: current directory of the run.
        env: variables to set besides the inherited ones.
        python: the interpreter, else the one that runs the tests.
        timeout: seconds after which the run is killed and ``subprocess.TimeoutExpired`` raised.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in AMBIENT and not name.startswith("WHEELWATCH_")
    }
    done = subprocess.run(
        [str(python or sys.executable), "-m", "wheelwatch", *map(str, arguments)],
        cwd=cwd,
        env={**inherited, **GUARD.environment(), "PYTHONUTF8": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
