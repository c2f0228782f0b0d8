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
    ("source", "rule", "line", "api"),
    [
        (TRACER, "hook-trace", 9, "sys.settrace"),
        (READER, "hook-trace", 8, "sys.settrace"),
        (AUDITOR, "hook-audit", 7, "sys.addaudithook"),
    ],
)
def test_it_is_medium_at_import(
    form: Any, source: str, rule: str, line: int, api: str, tmp_path: Path
) -> None:
    found = [finding for finding in findings(form(tmp_path, source)) if finding["severity"] != "info"]
    assert [
        (entry["rule"], entry["severity"], entry["trigger"], entry["path"], entry["line"], entry["api"])
        for entry in found
    ] == [(rule, "medium", "import", "watcher.py", line, api)]
    assert found[0]["chain"][-1]["line"] == line


def test_the_removal_is_named_with_its_line(tmp_path: Path) -> None:
    removals = [finding for finding in findings(as_wheel(tmp_path, TRACER)) if finding["line"] == 11]
    assert [(removal["severity"], removal["api"]) for removal in removals] == [("info", "sys.settrace")]
    assert "remove" in removals[0]["message"].lower()


@pytest.mark.parametrize(
    ("rule", "words"), [("hook-trace", ("settrace", "coverage")), ("hook-audit", ("addaudithook",))]
)
def test_each_says_what_to_use_instead(rule: str, words: tuple[str, ...]) -> None:
    done = wheelwatch("explain", rule)
    assert done.code == 0, done.err
    assert "instead" in done.out.lower()
    assert all(word in done.out for word in words)
