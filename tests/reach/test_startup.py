"""Chains from startup entries, over hand-written facts."""

from __future__ import annotations

import pytest

from tests.reach.written import (
    calls,
    distribution,
    edge,
    facts,
    imports,
    line,
    member,
    port,
    site,
    target,
)
from wheelwatch.limits import Limits
from wheelwatch.model import (
    Binding,
    Edge,
    EdgeKind,
    FileFacts,
    Kind,
    NotAnalysed,
    Reached,
    Reason,
    Ref,
    StartupEntry,
    StartupKind,
    Trigger,
)
from wheelwatch.reach import link


def chain(reached: Reached) -> list[tuple[str, int, str]]:
    return [(step.path, step.line, step.function) for step in reached.chain]


BOOT = {
    "zz.pth:1": facts(imports(1, "demo._boot")),
    "demo/__init__.py": facts(),
    "demo/_boot.py": facts(
        imports(1, "._hooks"),
        calls(3, "._hooks.install"),
    ),
    "demo/_hooks.py": facts(site(12, scope=1), functions=["install"]),
}


def test_line_module_function_site() -> None:
    demo = target(distribution("demo", "zz.pth", "demo/__init__.py", "demo/_boot.py", "demo/_hooks.py"))
    (package,) = link(demo, (line("zz.pth", "import demo._boot"),), port(demo, BOOT))
    (reached,) = package.sites
    assert reached.trigger is Trigger.STARTUP
    assert chain(reached) == [
        ("zz.pth", 1, "<module>"),
        ("demo/_boot.py", 3, "<module>"),
        ("demo/_hooks.py", 12, "install"),
    ]
    assert reached.chain[-1].what == "sys.settrace"
    assert package.entries[0].sites == (reached,)
    assert package.entries[0].modules == ("demo/__init__.py", "demo/_boot.py", "demo/_hooks.py")
    assert package.entries[0].missing == ()


def test_pythons_are_those_of_entry_edges_and_site_together() -> None:
    demo = target(distribution("demo", "zz.pth", "demo.py"))
    files = {
        "zz.pth:1": facts(imports(1, "demo", pythons=("3.10", "3.11", "3.12"))),
        "demo.py": facts(
            calls(2, 1, pythons=("3.11",)),
            calls(3, 1, pythons=("3.12", "3.13")),
            site(9, scope=1),
            functions=["go"],
        ),
    }
    (package,) = link(
        demo, (line("zz.pth", "import demo", pythons=("3.11", "3.12", "3.13")),), port(demo, files)
    )
    (reached,) = package.sites
    assert reached.pythons == ("3.11", "3.12")


def test_chain_leads_into_another_distribution() -> None:
    a = distribution("a", "a.pth")
    b = distribution("b", "payload/__init__.py")
    both = target(a, b)
    files = {
        "a.pth:1": facts(imports(1, "payload")),
        "payload/__init__.py": facts(site(1, kind=Kind.PROCESS, api="os.system")),
    }
    first, second = link(both, (line("a.pth", "import payload"),), port(both, files))
    assert first.sites == ()
    assert second.sites[0].trigger is Trigger.STARTUP
    assert [step.package for step in second.sites[0].chain] == ["a", "b"]
    assert first.entries[0].sites == second.sites


def test_names_through_re_exports_stars_classes_and_submodules() -> None:
    paths = ["zz.pth", "p/__init__.py", "p/star.py", "p/impl.py", "p/base.py"]
    demo = target(distribution("p", *paths))
    files = {
        "zz.pth:1": facts(imports(1, "p"), calls(1, "p.go"), calls(2, "p.Child"), calls(3, "p.Child.run")),
        "p/__init__.py": facts(
            edge(EdgeKind.STAR, 1, ".star"), Binding(0, "Child", Ref(name=".impl.Derived"))
        ),
        "p/star.py": facts(Binding(0, "go", Ref(name=".impl.start"))),
        "p/impl.py": facts(
            site(5, scope=2),
            classes={"Derived": (Ref(name="p.base.Base"),)},
            functions=["start"],
        ),
        "p/base.py": facts(
            site(7, scope=2),
            site(8, scope=3),
            classes={"Base": ()},
            functions=["Base.__init__", "Base.run"],
        ),
    }
    (package,) = link(demo, (line("zz.pth", "import p"),), port(demo, files))
    found = {(reached.member.path, reached.site.line): reached for reached in package.sites}
    assert {key: reached.trigger for key, reached in found.items()} == {
        ("p/base.py", 7): Trigger.STARTUP,
        ("p/base.py", 8): Trigger.STARTUP,
        ("p/impl.py", 5): Trigger.STARTUP,
    }


def test_a_name_that_leads_out_to_a_hook_is_a_site_at_the_call() -> None:
    demo = target(distribution("p", "zz.pth", "p/__init__.py", "p/names.py"))
    files = {
        "zz.pth:1": facts(imports(1, "p")),
        "p/__init__.py": facts(imports(1, ".names"), calls(4, ".names.watch")),
        "p/names.py": facts(Binding(0, "watch", Ref(name="sys.settrace"))),
    }
    (package,) = link(demo, (line("zz.pth", "import p"),), port(demo, files))
    (reached,) = package.sites
    assert (reached.site.api, reached.site.kind, reached.site.line) == ("sys.settrace", Kind.TRACE, 4)
    assert reached.trigger is Trigger.STARTUP


@pytest.mark.parametrize(
    ("given", "more", "trigger"),
    [
        ("?given", (), Trigger.CALL),
        ("", (), Trigger.STARTUP),
        ("/x/evil", (), Trigger.STARTUP),
        ("?given\n/x/evil", (), Trigger.STARTUP),
        ("?given", (edge(EdgeKind.CALL, 10, 1, text="wrapper('/x/evil')"),), Trigger.STARTUP),
    ],
)
def test_a_replacement_that_only_hands_on_its_arguments_is_no_call_of_its_own(
    given: str, more: tuple[Edge, ...], trigger: Trigger
) -> None:
    demo = target(distribution("p", "zz.pth", "p.py"))
    files = {
        "zz.pth:1": facts(imports(1, "p")),
        "p.py": facts(
            edge(EdgeKind.DEFER, 9, 1, text="os.execv"),
            *more,
            site(4, scope=1, kind=Kind.PROCESS, api="os.execv", detail=given),
            site(5, scope=1, kind=Kind.PROCESS, api="os.system"),
            functions=["wrapper"],
        ),
    }
    (package,) = link(demo, (line("zz.pth", "import p"),), port(demo, files))
    assert [(r.site.api, r.trigger) for r in package.sites] == [
        ("os.execv", trigger),
        ("os.system", Trigger.STARTUP),
    ]


def test_cycles_end() -> None:
    demo = target(distribution("p", "zz.pth", "p/__init__.py", "p/a.py", "p/b.py"))
    files = {
        "zz.pth:1": facts(imports(1, "p.a"), calls(1, "p.a.x")),
        "p/__init__.py": facts(),
        "p/a.py": facts(imports(1, ".b"), Binding(0, "x", Ref(name=".b.x"))),
        "p/b.py": facts(
            edge(EdgeKind.STAR, 1, ".a"),
            Binding(0, "x", Ref(name=".a.x")),
            calls(2, 1),
            calls(3, 1, scope=1),
            functions=["loop"],
        ),
    }
    (package,) = link(demo, (line("zz.pth", "import p.a"),), port(demo, files))
    assert package.sites == ()
    assert package.entries[0].modules == ("p/__init__.py", "p/a.py", "p/b.py")


def test_start_runs_module_body_and_callable() -> None:
    demo = target(distribution("p", "p.start", "p/__init__.py", "p/mod.py"))
    entry = StartupEntry(
        kind=StartupKind.START,
        distribution=0,
        member=member("p.start"),
        line=2,
        text="p.mod:Cls.go",
        pythons=("3.15",),
        target="p.mod:Cls.go",
    )
    files = {
        "p/__init__.py": facts(),
        "p/mod.py": facts(site(3), site(6, scope=2), classes={"Cls": ()}, functions=["Cls.go"]),
    }
    (package,) = link(demo, (entry,), port(demo, files))
    assert [(reached.site.line, reached.trigger, reached.pythons) for reached in package.sites] == [
        (3, Trigger.STARTUP, ("3.15",)),
        (6, Trigger.STARTUP, ("3.15",)),
    ]
    assert chain(package.sites[1]) == [("p.start", 2, ""), ("p/mod.py", 6, "go")]


def test_start_may_call_the_standard_library() -> None:
    demo = target(distribution("p", "p.start"))
    entry = StartupEntry(
        kind=StartupKind.START,
        distribution=0,
        member=member("p.start"),
        line=1,
        text="os:system",
        pythons=("3.15",),
        target="os:system",
    )
    (package,) = link(demo, (entry,), port(demo, {}))
    (reached,) = package.sites
    assert (reached.site.kind, reached.site.api, reached.trigger) == (
        Kind.PROCESS,
        "os.system",
        Trigger.STARTUP,
    )
    assert package.entries[0].sites == (reached,)


def test_looking_a_name_up_runs_a_module_getattr_and_making_a_class_its_bases_hook() -> None:
    demo = target(distribution("p", "zz.pth", "p/__init__.py", "p/lazy.py", "p/base.py"))
    files = {
        "zz.pth:1": facts(imports(1, "p")),
        "p/__init__.py": facts(
            imports(1, ".lazy.thing"),
            edge(EdgeKind.BODY, 3, 1),
            classes={"Child": (Ref(name=".base.Base"),)},
        ),
        "p/lazy.py": facts(site(5, scope=1), functions=["__getattr__"]),
        "p/base.py": facts(
            site(7, scope=2),
            site(9, scope=3),
            classes={"Base": ()},
            functions=["Base.__init_subclass__", "Base.go"],
        ),
    }
    (package,) = link(demo, (line("zz.pth", "import p"),), port(demo, files))
    assert {(r.member.path, r.site.line): r.trigger for r in package.sites} == {
        ("p/lazy.py", 5): Trigger.STARTUP,
        ("p/base.py", 7): Trigger.STARTUP,
        ("p/base.py", 9): Trigger.CALL,
    }


def test_customize_module_is_a_root_and_path_lines_are_roots_of_the_import_path() -> None:
    demo = target(distribution("p", "p.pth", "hidden/sitecustomize.py", "hidden/tool.py"))
    path = StartupEntry(
        kind=StartupKind.PTH_PATH,
        distribution=0,
        member=member("p.pth"),
        line=1,
        text="hidden",
        pythons=("3.12",),
        target="hidden",
    )
    customize = StartupEntry(
        kind=StartupKind.SITECUSTOMIZE,
        distribution=0,
        member=member("hidden/sitecustomize.py"),
        line=1,
        text="",
        pythons=("3.12",),
    )
    files = {
        "hidden/sitecustomize.py": facts(imports(1, "tool")),
        "hidden/tool.py": facts(site(2)),
    }
    (package,) = link(demo, (path, customize), port(demo, files))
    (reached,) = package.sites
    assert reached.trigger is Trigger.STARTUP
    assert chain(reached) == [("hidden/sitecustomize.py", 1, "<module>"), ("hidden/tool.py", 2, "<module>")]


def test_missing_modules_are_named_but_not_the_standard_library() -> None:
    demo = target(distribution("p", "p.pth"))
    files = {"p.pth:1": facts(imports(1, "os.path"), imports(1, "gone.mod"))}
    (package,) = link(demo, (line("p.pth", "import os.path, gone.mod"),), port(demo, files))
    assert package.entries[0].missing == ("gone.mod",)


def test_what_cannot_be_read_on_a_startup_chain_has_trigger_startup() -> None:
    demo = target(distribution("p", "p.pth", "p.py", "q.py", "sitecustomize.so"))
    native = StartupEntry(
        kind=StartupKind.SITECUSTOMIZE,
        distribution=0,
        member=member("sitecustomize.so"),
        line=0,
        text="",
        pythons=("3.12",),
    )
    broken = NotAnalysed(reason=Reason.SYNTAX, detail="line 1")
    files: dict[str, FileFacts | NotAnalysed] = {
        "p.pth:1": facts(imports(1, "p")),
        "p.py": broken,
        "q.py": broken,
    }
    (package,) = link(demo, (line("p.pth", "import p"), native), port(demo, files))
    assert [(m.path, why.reason, trigger) for m, why, trigger in package.not_analysed] == [
        ("p.py", Reason.SYNTAX, Trigger.STARTUP),
        ("q.py", Reason.SYNTAX, Trigger.IMPORT),
        ("sitecustomize.so", Reason.NATIVE, Trigger.STARTUP),
    ]


def test_only_files_that_are_reached_are_asked_for() -> None:
    demo = target(
        distribution(
            "demo", "zz.pth", "demo/__init__.py", "demo/_boot.py", "demo/_hooks.py", "demo/other.py"
        )
    )
    asked = port(demo, BOOT | {"demo/other.py": facts()})
    link(demo, (line("zz.pth", "import demo._boot"),), asked, Limits(whole_bytes=0))
    assert "demo/other.py" not in asked.asked
