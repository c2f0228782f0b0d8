"""Files without a site of their own are asked for when they may call what holds a hook."""

from __future__ import annotations

import pytest

from tests.reach.written import calls, distribution, facts, imports, port, site, target
from wheelwatch.limits import Limits
from wheelwatch.model import Binding, Confidence, FileFacts, Kind, LinkedPackage, Ref, Trigger
from wheelwatch.reach import link

HOOKS = facts(site(5, scope=1), functions=["install"])


def linked(files: dict[str, FileFacts], tokens: dict[str, str]) -> tuple[LinkedPackage, set[str]]:
    demo = target(distribution("p", *files))
    answers = port(demo, files, tokens)
    (package,) = link(demo, (), answers, Limits(whole_bytes=0))
    return package, answers.asked


def test_a_module_that_calls_it_is_found() -> None:
    files = {
        "p/__init__.py": facts(imports(1, ".hooks"), calls(2, ".hooks.install")),
        "p/hooks.py": HOOKS,
        "p/other.py": facts(),
    }
    package, asked = linked(files, {"p/__init__.py": "from .hooks import install", "p/other.py": "install"})
    (reached,) = package.sites
    assert reached.trigger is Trigger.IMPORT
    assert [(step.path, step.line) for step in reached.chain] == [("p/__init__.py", 2), ("p/hooks.py", 5)]
    assert "p/other.py" not in asked


def test_through_a_function_in_between_and_another_name() -> None:
    files = {
        "p/__init__.py": facts(calls(1, ".api.go")),
        "p/api.py": facts(Binding(0, "go", Ref(name=".middle.setup"))),
        "p/middle.py": facts(calls(4, ".hooks.install", scope=1), functions=["setup"]),
        "p/hooks.py": HOOKS,
    }
    tokens = {
        "p/__init__.py": "from .api import go",
        "p/api.py": "from .middle import setup as go",
        "p/middle.py": "from .hooks import install; def setup",
    }
    package, _ = linked(files, tokens)
    assert package.sites[0].trigger is Trigger.IMPORT
    assert [step.path for step in package.sites[0].chain] == ["p/__init__.py", "p/middle.py", "p/hooks.py"]


def test_near_misses_stay_call() -> None:
    files = {
        "p/__init__.py": facts(calls(2, ".other.install")),
        "p/other.py": facts(functions=["install"]),
        "p/hooks.py": HOOKS,
        "p/run.py": facts(calls(3, ".hooks.install", guard="main")),
    }
    tokens = dict.fromkeys(files, "from .hooks import install")
    package, _ = linked(files, tokens)
    assert [reached.trigger for reached in package.sites] == [Trigger.CALL]


def test_removals_and_low_grade_sites_are_not_searched_for() -> None:
    files = {
        "p/__init__.py": facts(calls(2, ".hooks.install")),
        "p/hooks.py": facts(
            site(5, scope=1, clears=True),
            site(6, scope=1, kind=Kind.DISPLAY, api="sys.displayhook"),
            functions=["install"],
        ),
    }
    _, asked = linked(files, {"p/__init__.py": "from .hooks import install"})
    assert asked == {"p/hooks.py"}


def test_what_is_left_out_is_counted_and_never_said_to_be_called_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wheelwatch.reach.callers.FILES", 1)
    files = {"p/hooks.py": HOOKS} | {f"p/m{n}.py": facts() for n in range(4)}
    package, _ = linked(files, dict.fromkeys(files, "from .hooks import install"))
    (reached,) = package.sites
    assert (reached.trigger, reached.confidence) == (Trigger.IMPORT, Confidence.LOW)
    assert package.effort.cut > 0
