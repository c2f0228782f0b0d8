"""``wheelwatch explain PACKAGE`` and ``explain FINGERPRINT``: a score taken apart, a finding in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.factories import wheel
from tests.support.program import wheelwatch

pytestmark = pytest.mark.processes

FILES = {
    "z.pth": "import demo\n",
    "demo.py": "import os, sys\nos.system('true')\nsys.settrace(print)\nsys.setrecursionlimit(9)\n",
}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return wheel(tmp_path, FILES)


@pytest.fixture
def report(target: Path, tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    assert wheelwatch("scan", target, "--format", "json", "-o", path).code == 1
    return path


def test_the_parts_add_up_and_it_is_said_what_would_bring_it_down(target: Path) -> None:
    done = wheelwatch("explain", "demo", target)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    score = int(lines[0].removeprefix("demo 1.0: critical, score "))
    parts = [line for line in lines if ": fixes the band at " in line or ": adds " in line]
    assert sum(int(line.rpartition(" ")[2]) for line in parts) == score
    assert "  critical is 85 to 100: the worst finding fixes the band, others move the score" in lines
    assert parts[0] == "  payload-process at startup (critical): fixes the band at 85"
    assert any("demo.py:2:1" in line for line in lines)
    relief = lines[lines.index("  What would bring it down") + 1 :]
    assert relief[0].startswith("    without payload-process at startup: high, score 6")
    assert relief[-1].endswith("none, score 0")


def test_a_report_and_a_fresh_scan_say_the_same(target: Path, report: Path) -> None:
    fresh = wheelwatch("explain", "Demo==1.0", target)
    read = wheelwatch("explain", "demo", "--from", report)
    assert (fresh.code, read.code) == (0, 0), fresh.err + read.err
    assert fresh.out == read.out


def test_a_finding_by_its_fingerprint(report: Path) -> None:
    data = wheelwatch("explain", "demo", "--from", report).out
    (fingerprint,) = [line.split()[-1] for line in data.splitlines() if "demo.py:2:1" in line]
    done = wheelwatch("explain", fingerprint, "--from", report)
    assert done.code == 0, done.err
    assert "critical[payload-process]" in done.out
    assert "os.system('true')" in done.out
    assert "  demo: z.pth, line 1: import demo" in done.out
    assert "  demo: demo.py, line 2: os.system" in done.out


def test_a_quiet_package_has_nothing_to_score(tmp_path: Path) -> None:
    done = wheelwatch("explain", "demo", wheel(tmp_path, {"demo.py": "x = 1\n"}))
    assert done.code == 0, done.err
    assert done.out.startswith("demo 1.0: none, score 0\n")


@pytest.mark.parametrize(
    ("what", "content", "words"),
    [
        ("nobody", None, "no such package"),
        ("0" * 32, None, "no finding has this fingerprint"),
        ("demo", "{", "is no JSON"),
        ("demo", "[]", "is no report"),
        ("demo", '{"schema": "wheelwatch-report-1.0", "packages": [{"level": 3}]}', "not the report"),
        ("demo", "[" * 100_000, "is no JSON"),
    ],
)
def test_what_cannot_be_explained_is_told(
    what: str, content: str | None, words: str, report: Path, tmp_path: Path
) -> None:
    path = report
    if content is not None:
        path = tmp_path / "other.json"
        path.write_text(content)
    done = wheelwatch("explain", what, "--from", path)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_the_text_report_takes_the_score_apart(target: Path) -> None:
    out = wheelwatch("scan", target).out
    assert "85 payload-process at startup + " in out
