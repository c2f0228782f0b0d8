"""Three small programs that watch, as people write them: each is told with its line and its trigger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.factories import tree, wheel
from tests.support.program import wheelwatch

TRACER = '''\
"""Prints each call."""
import sys

def trace_calls(frame, event, arg):
    if event == "call":
        print("call", frame.f_code.co_name)
    return trace_calls

sys.settrace(trace_calls)
print(sum(range(3)))
sys.settrace(None)
'''

READER = """\
import sys

def trace(frame, event, arg):
    if 'password' in str(frame.f_locals):
        print(frame.f_locals.get('password'))
    return trace

sys.settrace(trace)
"""

AUDITOR = """\
import sys

def deny(event, args):
    if event == "system":
        raise RuntimeError("not here")

sys.addaudithook(deny)
"""


def findings(path: Path) -> list[dict[str, Any]]:
    done = wheelwatch("scan", path, "--format", "json", "--fail-on", "never")
    assert done.code == 0, done.err
    (package,) = done.report["packages"]
    found: list[dict[str, Any]] = package["findings"]
    return found


def as_wheel(folder: Path, source: str) -> Path:
    return wheel(folder, {"watcher.py": source}, name="watcher")


def as_folder(folder: Path, source: str) -> Path:
    return tree(folder / "watcher", {"watcher.py": source})


@pytest.mark.parametrize("form", [as_wheel, as_folder])
@pytest.mark.parametrize(
    ("source", "line", "api", "verdicts"),
    [
        (TRACER, 9, "sys.settrace", [("hook-trace", "medium"), ("callback-cost", "low")]),
        (
            READER,
            8,
            "sys.settrace",
            [("callback-leak", "critical"), ("hook-trace", "medium"), ("callback-cost", "low")],
        ),
        (AUDITOR, 7, "sys.addaudithook", [("hook-audit", "medium"), ("callback-dead-event", "low")]),
    ],
)
def test_its_verdict_is_whole(
    form: Any, source: str, line: int, api: str, verdicts: list[tuple[str, str]], tmp_path: Path
) -> None:
    found = [finding for finding in findings(form(tmp_path, source)) if finding["severity"] != "info"]
    assert [(entry["rule"], entry["severity"]) for entry in found] == verdicts
    assert {(entry["trigger"], entry["path"], entry["line"], entry["api"]) for entry in found} == {
        ("import", "watcher.py", line, api)
    }
    assert found[0]["chain"][-1]["line"] == line


def test_the_reader_is_told_with_what_it_looks_for(tmp_path: Path) -> None:
    (leak,) = [f for f in findings(as_wheel(tmp_path, READER)) if f["rule"] == "callback-leak"]
    assert "trace (watcher.py:3) reads f_locals" in leak["message"]
    assert "print" in leak["message"]
    assert "looks for password" in leak["message"]


def test_the_event_that_nobody_raises_is_named(tmp_path: Path) -> None:
    (dead,) = [f for f in findings(as_wheel(tmp_path, AUDITOR)) if f["rule"] == "callback-dead-event"]
    assert "deny (watcher.py:3) waits for system, which no CPython raises" in dead["message"]


def test_the_removal_is_named_with_its_line(tmp_path: Path) -> None:
    removals = [finding for finding in findings(as_wheel(tmp_path, TRACER)) if finding["line"] == 11]
    assert [(removal["severity"], removal["api"]) for removal in removals] == [("info", "sys.settrace")]
    assert "remove" in removals[0]["message"].lower()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("hook-trace", ("settrace", "coverage")),
        ("hook-audit", ("addaudithook",)),
        ("callback-leak", ("record names and lines",)),
        ("callback-dead-event", ("table of audit events",)),
    ],
)
def test_each_says_what_to_use_instead(rule: str, words: tuple[str, ...]) -> None:
    done = wheelwatch("explain", rule)
    assert done.code == 0, done.err
    assert "instead" in done.out.lower()
    assert all(word in done.out for word in words)
