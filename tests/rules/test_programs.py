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


TASKS = """
import functools
import requests
from elsewhere import task
{}
def job():
    requests.get("https://example.invalid")
job()
"""


@pytest.mark.parametrize("decorator", ["@task", "@task(retries=1)", "@functools.lru_cache\n@task"])
def test_what_a_decorator_of_elsewhere_makes_of_a_function_of_an_inner_module(decorator: str) -> None:
    files = {"tool/__init__.py": "", "tool/examples.py": TASKS.format(decorator)}
    (package,) = linked({"tool": files})
    found = [(f.severity.label, f.confidence.value) for f in judge(package) if f.rule == "payload-network"]
    assert found == [("medium", "low")]


@pytest.mark.parametrize("decorator", ["", "@functools.lru_cache", "@staticmethod"])
def test_a_call_that_surely_runs_is_high(decorator: str) -> None:
    files = {"tool/__init__.py": "", "tool/examples.py": TASKS.format(decorator)}
    (package,) = linked({"tool": files})
    assert [f.severity.label for f in judge(package) if f.rule == "payload-network"] == ["high"]


def test_what_the_import_of_the_package_runs_is_high_whatever_decorates_it() -> None:
    files = {"tool/__init__.py": "import tool.examples", "tool/examples.py": TASKS.format("@task")}
    (package,) = linked({"tool": files})
    assert [f.severity.label for f in judge(package) if f.rule == "payload-network"] == ["high"]


def test_a_decorator_that_calls_the_function_is_followed() -> None:
    files = {
        "tool/__init__.py": "",
        "tool/elsewhere.py": "def task(f):\n    f()\n    return f\n",
        "tool/examples.py": TASKS.format("@task").replace("elsewhere", "tool.elsewhere"),
    }
    (package,) = linked({"tool": files})
    assert [f.severity.label for f in judge(package) if f.rule == "payload-network"] == ["high"]


DECOY = """
import os
import requests
def steal():
    requests.get("https://example.invalid")
def there():
    steal()
if os.environ.get("TOOL_DEBUG"):
    steal()
{}
"""


@pytest.mark.parametrize(("rest", "expected"), [("", "medium"), ("steal()", "high"), ("there()", "high")])
def test_a_guarded_way_does_not_hide_one_that_is_not(rest: str, expected: str) -> None:
    (package,) = linked({"tool": {"tool/__init__.py": DECOY.format(rest)}})
    found = [f.severity.label for f in judge(package) if f.rule == "payload-network"]
    assert found == [expected]


def test_a_guarded_way_from_startup_does_not_hide_a_longer_one_that_is_not() -> None:
    files = {
        "a.pth": "import os; os.environ.get('TOOL_DEBUG') and __import__('tool').steal()\n",
        "b.pth": "import tool; tool.there()\n",
        "tool.py": DECOY.format(""),
    }
    (package,) = linked({"tool": files})
    found = [f.severity.label for f in judge(package) if f.rule == "payload-network"]
    assert found == ["critical"]
