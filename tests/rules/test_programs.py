"""Three programs that watch, through extractor, search and rules."""

from __future__ import annotations

import pytest

from tests.programs.test_watchers import AUDITOR, READER, TRACER
from tests.reach.sources import linked
from wheelwatch.rules import explain, judge


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (TRACER, [("hook-trace", "medium", "import", 9), ("hook-trace", "info", "import", 11)]),
        (READER, [("hook-trace", "medium", "import", 8)]),
        (AUDITOR, [("hook-audit", "medium", "import", 7)]),
    ],
)
def test_verdicts(source: str, expected: list[tuple[str, str, str, int]]) -> None:
    (package,) = linked({"watcher": {"watcher.py": source}})
    found = [(f.rule, f.severity.label, f.trigger.value, f.line) for f in judge(package)]
    assert [row for row in found if row[0].startswith("hook-")] == expected
    assert all((page := explain(rule)) is not None and page.instead for rule, *_ in found)


def test_a_function_that_nothing_calls_is_low() -> None:
    (package,) = linked({"tool": {"tool.py": "import sys\n\n\ndef debug():\n    sys.settrace(print)\n"}})
    assert [(f.severity.label, f.trigger.value) for f in judge(package)] == [("low", "call")]


def test_a_startup_line_in_one_package_and_the_payload_in_another() -> None:
    first, second = linked(
        {
            "first": {"zz.pth": "import payload\n"},
            "second": {
                "payload.py": "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'pass'])\n"
            },
        }
    )
    assert [(f.rule, f.severity.label) for f in judge(first)] == [("startup-line", "medium")]
    found = [f for f in judge(second) if f.rule == "payload-process"]
    assert [(f.severity.label, f.trigger.value) for f in found] == [("critical", "startup")]
    assert [step.package for step in found[0].chain] == ["first", "second"]
