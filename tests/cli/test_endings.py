"""Every way in which a run can end, with its exit code: 1 is a verdict and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.factories import site_dir, wheel
from tests.support.program import AMBIENT, wheelwatch

pytestmark = pytest.mark.processes

QUIET = {"demo/__init__.py": "x = 1\n"}
TRACED = {"zz.pth": "import sys; sys.settrace(print)\n", "demo/__init__.py": ""}


def environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in AMBIENT and not k.startswith("WHEELWATCH_")}


def shell(line: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Runs a shell line in which ``$WW`` is the tool and ``$1``... are the arguments."""
    return subprocess.run(
        ["sh", "-c", line, "sh", *map(str, arguments)],
        env={**environment(), "WW": f"{sys.executable} -m wheelwatch"},
        capture_output=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    ("files", "options", "code"),
    [
        (QUIET, [], 0),
        (QUIET, ["--fail-on", "info"], 0),
        (TRACED, [], 1),
        (TRACED, ["--fail-on", "critical"], 0),
        (TRACED, ["--fail-on", "never"], 0),
        (TRACED, ["--format", "json"], 1),
    ],
)
def test_a_verdict(tmp_path: Path, files: dict[str, str], options: list[str], code: int) -> None:
    done = wheelwatch("scan", wheel(tmp_path, files), *options)
    assert done.code == code, done.err


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_code_is_the_same_in_every_format(tmp_path: Path, form: str) -> None:
    good, bad = wheel(tmp_path, QUIET), wheel(tmp_path, TRACED, name="bad")
    gone = tmp_path / "gone.whl"
    (tmp_path / "empty").mkdir()
    assert wheelwatch("scan", good, "--format", form).code == 0
    assert wheelwatch("scan", good, bad, "--format", form).code == 1
    assert wheelwatch("scan", good, gone, "--format", form).code == 2
    assert wheelwatch("scan", bad, gone, "--format", form).code == 1
    assert wheelwatch("scan", tmp_path / "empty", "--format", form).code == 3


def test_an_environment_without_distributions_is_clean(tmp_path: Path) -> None:
    assert wheelwatch("scan", site_dir(tmp_path / "site-packages", {})).code == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["scn"], "scn"),
        (["scan", "--no-such-option"], "--no-such-option"),
        (["scan", "--format", "html", "."], "html"),
        (["scan", "--fail-on", "awful", "."], "awful"),
        (["scan", "--python-version", "2.7", "."], "2.7"),
        (["scan", "--workers", "0", "."], "0"),
        (["explain", "hook-trac"], "hook-trace"),
        (["explain"], "RULE"),
        (["explain", "\x1b[2J"], "\\x1b[2J"),
    ],
)
def test_bad_usage(arguments: list[str], word: str) -> None:
    done = wheelwatch(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert word in done.err
    assert "hint: " in done.err
    assert "\x1b" not in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(("files", "code"), [(QUIET, 0), (TRACED, 1)])
@pytest.mark.parametrize("options", ["", "--format json"])
def test_a_closed_pipe_keeps_the_verdict(
    tmp_path: Path, files: dict[str, str], code: int, options: str
) -> None:
    path = wheel(tmp_path, files)
    done = shell(f'exec 3>&1; (sleep 0.2; $WW scan "$1" {options}; echo $? >&3) | true', path)
    assert done.stdout.split() == [b"%d" % code]
    assert b"Error" not in done.stderr
    assert b"Broken" not in done.stderr
    closed = shell(f'$WW scan "$1" {options} >&-', path)
    assert closed.returncode == code
    assert b"Traceback" not in closed.stderr


@pytest.mark.parametrize("arguments", ["rules", "explain hook-trace", "--version", "--help", "scan --help"])
def test_a_closed_pipe_without_a_verdict(arguments: str) -> None:
    done = shell(f"exec 3>&1; (sleep 0.2; $WW {arguments}; echo $? >&3) | true")
    assert done.stdout.split() == [b"2"]
    assert done.stderr == b""


def test_a_closed_stderr_changes_nothing(tmp_path: Path) -> None:
    path = wheel(tmp_path, TRACED)
    assert shell('$WW scan "$1" --format json 2>&-', path).returncode == 1
    done = shell(
        'exec 3>&1; (sleep 0.2; $WW scan "$1" --format json 2>&1 >/dev/null; echo $? >&3) | true', path
    )
    assert done.stdout.split() == [b"1"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_not_a_verdict(tmp_path: Path) -> None:
    done = shell('$WW scan "$1" >/dev/full', wheel(tmp_path, TRACED))
    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


SAFETY_SECONDS = 50
"""How long a test waits for what comes at once; a file may take 60 s of processor time."""


def test_ctrl_c_ends_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    """A worker is in a call without an end, which only its own limit on processor time would end."""
    script = """
        import itertools, pathlib, sys
        from wheelwatch import __main__
        from wheelwatch.engine import worker

        def endless(*arguments, **options):
            pathlib.Path(sys.argv[-1] + ".begun").touch()
            sum(itertools.repeat(0))

        worker.inspect = endless
        sys.exit(__main__.main())
    """
    path = wheel(tmp_path, QUIET)
    begun = Path(f"{path}.begun")
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), "scan", str(path)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_for(lambda: begun.exists() or process.poll() is not None)
    assert process.poll() is None, "it was over too soon to be interrupted"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=SAFETY_SECONDS)
    assert process.returncode == 130
    assert out == b""
    assert err == b""
    wait_for(lambda: not is_there(process.pid))


def wait_for(event: Callable[[], bool]) -> None:
    end = time.monotonic() + SAFETY_SECONDS
    while not event():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_there(group: int) -> bool:
    """Whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_between_two_targets_keeps_what_is_judged(tmp_path: Path) -> None:
    script = """
        import os, signal, sys, time
        from wheelwatch import __main__, reach
        from wheelwatch.cli import rendering

        link, render = reach.link, rendering.render

        def slow(*arguments, **options):
            time.sleep(1.5)  # as long as a large report may take
            return render(*arguments, **options)

        rendering.render = slow

        def interrupted(target, *arguments, **options):
            if target.label.endswith("second"):
                os.kill(os.getpid(), signal.SIGINT)
            return link(target, *arguments, **options)

        reach.link = interrupted
        sys.exit(__main__.main())
    """
    for name in ("first", "second", "third"):
        site_dir(tmp_path / name, {"demo-1.0": TRACED})
    targets = [str(tmp_path / name) for name in ("first", "second", "third")]
    report = tmp_path / "report.json"
    options = ["--as", "site", "--format", "json", "-o", str(report)]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), "scan", *targets, *options],
        env=environment(),
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    found = json.loads(report.read_bytes())
    assert [package["location"] for package in found["packages"]] == targets[:1]
    assert [row["where"] for row in found["errors"]] == targets[1:]
    assert all("interrupted" in row["what"] for row in found["errors"])
    assert not found["complete"]


@pytest.mark.parametrize("debug", [False, True])
def test_an_uncaught_error_is_one_line(tmp_path: Path, debug: bool) -> None:
    script = """
        import sys
        from wheelwatch import __main__, sources

        def find(*arguments, **options):
            raise RuntimeError("\\x1b[2Jsurprise")

        sources.find = find
        sys.argv[1:] = ["scan", "x"]
        sys.exit(__main__.main())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**environment(), **({"WHEELWATCH_DEBUG": "1"} if debug else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: internal error: RuntimeError: \\x1b[2Jsurprise\n  hint: ")
    assert "\x1b" not in done.stderr
    assert ("Traceback" in done.stderr) is debug
    assert debug or len(done.stderr.splitlines()) == 2
