"""Triggers other than startup, over hand-written facts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reach.written import calls, distribution, facts, imports, member, port, site, target
from wheelwatch.model import (
    Binding,
    BuildRoot,
    EntryPoint,
    FileFacts,
    Kind,
    PackageKind,
    Ref,
    TargetSet,
    Trigger,
)
from wheelwatch.reach import link


def triggers(demo: TargetSet, files: dict[str, FileFacts]) -> dict[tuple[str, int], Trigger]:
    return {
        (reached.member.path, reached.site.line): reached.trigger
        for package in link(demo, (), port(demo, files))
        for reached in package.sites
    }


def test_module_level_is_import_functions_are_call_until_called() -> None:
    demo = target(distribution("p", "p/__init__.py", "p/lib.py"))
    files = {
        "p/__init__.py": facts(site(1), calls(2, ".lib.used")),
        "p/lib.py": facts(site(5, scope=1), site(9, scope=2), functions=["used", "unused"]),
    }
    assert triggers(demo, files) == {
        ("p/__init__.py", 1): Trigger.IMPORT,
        ("p/lib.py", 5): Trigger.IMPORT,
        ("p/lib.py", 9): Trigger.CALL,
    }


@pytest.mark.parametrize("guard", ["main", "type-checking", "env:X and main"])
def test_guards_that_are_false_on_import_stop_the_way(guard: str) -> None:
    demo = target(distribution("p", "p.py"))
    files = {
        "p.py": facts(calls(1, 1, guard=guard), site(2, guard=guard), site(5, scope=1), functions=["go"])
    }
    assert triggers(demo, files) == {("p.py", 2): Trigger.CALL, ("p.py", 5): Trigger.CALL}


def test_nested_sitecustomize_is_dormant_unless_imported() -> None:
    demo = target(distribution("p", "p/boot/sitecustomize.py", "q/boot/sitecustomize.py", "q/run.py"))
    files = {
        "p/boot/sitecustomize.py": facts(site(1)),
        "q/boot/sitecustomize.py": facts(site(1)),
        "q/run.py": facts(imports(1, "q.boot.sitecustomize"), site(2)),
    }
    assert triggers(demo, files) == {
        ("p/boot/sitecustomize.py", 1): Trigger.DORMANT,
        ("q/boot/sitecustomize.py", 1): Trigger.IMPORT,
        ("q/run.py", 2): Trigger.IMPORT,
    }


def test_main_modules_and_scripts_run_when_called() -> None:
    demo = target(distribution("p", "p/__main__.py", "p/a-b.py", "{prefix}/bin/tool.py"))
    files = {path: facts(site(1)) for path in ("p/__main__.py", "p/a-b.py", "{prefix}/bin/tool.py")}
    assert set(triggers(demo, files).values()) == {Trigger.CALL}


def test_build_code_of_an_sdist_runs_at_install() -> None:
    members = (
        member("p-1.0/setup.py", None),
        member("p-1.0/helper.py", None),
        member("p-1.0/tests/test_x.py", None),
        member("p-1.0/p/__init__.py", "p/__init__.py"),
    )
    build = (BuildRoot(path="{source}/p-1.0/setup.py", is_main=True),)
    demo = target(distribution("p", kind=PackageKind.SDIST, members=members, build=build))
    files = {
        "{source}/p-1.0/setup.py": facts(
            imports(1, "helper"), calls(3, 1, guard="main"), site(4, scope=1), functions=["run"]
        ),
        "{source}/p-1.0/helper.py": facts(site(2)),
        "{source}/p-1.0/tests/test_x.py": facts(site(3)),
        "p/__init__.py": facts(site(1)),
    }
    assert triggers(demo, files) == {
        ("p/__init__.py", 1): Trigger.IMPORT,
        ("{source}/p-1.0/helper.py", 2): Trigger.INSTALL,
        ("{source}/p-1.0/setup.py", 4): Trigger.INSTALL,
        ("{source}/p-1.0/tests/test_x.py", 3): Trigger.CALL,
    }


def test_entry_points_of_hosts_are_autoload() -> None:
    points = (EntryPoint("pytest11", "p", "p.plugin"), EntryPoint("console_scripts", "p", "p.cli:main"))
    demo = target(distribution("p", "p/__init__.py", "p/plugin.py", "p/cli.py", entry_points=points))
    files = {
        "p/__init__.py": facts(),
        "p/plugin.py": facts(site(3)),
        "p/cli.py": facts(site(4, scope=1), functions=["main"]),
    }
    assert triggers(demo, files) == {("p/plugin.py", 3): Trigger.AUTOLOAD, ("p/cli.py", 4): Trigger.CALL}


def test_what_only_a_script_calls_has_the_chain_from_the_script() -> None:
    points = (EntryPoint("console_scripts", "tool", "p.cli:main"), EntryPoint("other", "x", "p.lib:other"))
    demo = target(distribution("p", "p/__init__.py", "p/cli.py", "p/lib.py", entry_points=points))
    files = {
        "p/__init__.py": facts(),
        "p/cli.py": facts(calls(4, ".lib.go", scope=1, guard="env:X"), functions=["main"]),
        "p/lib.py": facts(site(3, scope=1), site(7, scope=2), functions=["go", "other"]),
    }
    (package,) = link(demo, (), port(demo, files))
    first, second = package.sites
    assert (first.trigger, second.trigger) == (Trigger.CALL, Trigger.CALL)
    assert [step.what for step in first.chain] == [
        "[console_scripts] tool = p.cli:main",
        ".lib.go()",
        "sys.settrace",
    ]
    # Somebody else may call it without the switch.
    assert first.guard is None
    assert len(second.chain) == 1


def test_two_sets_of_one_name_do_not_mix_scopes() -> None:
    demo = target(distribution("p", "p.py"), distribution("q", "q.py"))
    files = {
        "p.py": facts(
            Binding(0, "install", Ref(scope=1)),
            calls(1, "install"),
            site(4, scope=1),
            functions=["install"],
        ),
        "q.py": facts(calls(1, "q.install"), functions=["other"]),
    }
    assert triggers(demo, files) == {("p.py", 4): Trigger.CALL}


def test_what_only_an_inner_module_brings_is_aside_for_the_rows_that_weigh() -> None:
    demo = target(distribution("p", "p/__init__.py", "p/used.py", "p/inner.py", "p/middle.py"))
    start: dict[str, Any] = {"kind": Kind.PROCESS, "api": "os.system"}
    files = {
        "p/__init__.py": facts(imports(1, ".middle")),
        "p/middle.py": facts(imports(1, ".used")),
        "p/used.py": facts(site(1, **start), site(2)),
        "p/inner.py": facts(site(1, **start), site(2), site(3, kind=Kind.EXIT, api="atexit.register")),
    }
    (package,) = link(demo, (), port(demo, files))
    assert [(r.member.path, r.site.line, r.trigger, r.is_aside) for r in package.sites] == [
        ("p/inner.py", 1, Trigger.IMPORT, True),
        ("p/inner.py", 2, Trigger.IMPORT, True),
        ("p/inner.py", 3, Trigger.IMPORT, False),
        ("p/used.py", 1, Trigger.IMPORT, False),
        ("p/used.py", 2, Trigger.IMPORT, False),
    ]
