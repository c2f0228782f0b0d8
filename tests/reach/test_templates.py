"""Known lines beyond the plain ones: templates, supports, ``.start`` files, lines without their module."""

from __future__ import annotations

import msgspec

from tests.reach.written import calls, distribution, facts, imports, line, member, port, site, target
from wheelwatch.catalogue.known import Known, entries
from wheelwatch.model import Distribution, FileFacts, Kind, LinkedPackage, StartupEntry, StartupKind
from wheelwatch.reach import link

EDITABLES, AUTOWRAPT, EDITABLE = (
    next(known for known in entries() if known.id == name)
    for name in ("editables", "autowrapt-start", "setuptools-editable")
)
IMPL, FINDER = "_editable_impl_demo", "editables/redirector.py"


def with_digest(written: FileFacts, known: str) -> FileFacts:
    return msgspec.structs.replace(written, digest=known)


def editables(known: Known, *distributions: Distribution, finder: str | None = None) -> LinkedPackage:
    files = {
        f"{IMPL}.pth:1": facts(imports(1, IMPL)),
        f"{IMPL}.py": with_digest(
            facts(imports(1, "editables.redirector"), calls(2, "editables.redirector.install")),
            known.digests[0],
        ),
        FINDER: with_digest(
            facts(site(5, scope=1, kind=Kind.IMPORT, api="sys.meta_path"), functions=["install"]),
            finder or known.supports[0].digests[0],
        ),
    }
    found = target(*distributions)
    entry = line(f"{IMPL}.pth", f"import {IMPL}")
    return link(found, (entry,), port(found, files))[0]


DEMO = distribution("demo", f"{IMPL}.pth", f"{IMPL}.py")


def test_a_supporting_module_is_excused_with_the_line() -> None:
    package = editables(EDITABLES, DEMO, distribution("editables", FINDER))
    assert package.entries[0].known == "editables"
    assert [reached.known for reached in package.entries[0].sites] == ["editables"]


def test_a_changed_supporting_module_is_judged() -> None:
    package = editables(EDITABLES, DEMO, distribution("editables", FINDER), finder="0" * 64)
    assert package.entries[0].known == "editables"
    assert [reached.known for reached in package.entries[0].sites] == [None]


def test_a_supporting_module_of_somebody_else_is_foreign() -> None:
    package = editables(EDITABLES, DEMO, distribution("evil", FINDER))
    assert package.entries[0].known is None
    assert package.entries[0].foreign


def start(text: str) -> StartupEntry:
    return StartupEntry(
        kind=StartupKind.START,
        distribution=0,
        member=member("autowrapt-init.start"),
        line=2,
        text=text,
        target=text.strip(),
        pythons=("3.15",),
    )


def started(owner: str, text: str, digest: str) -> LinkedPackage:
    module = facts(site(9, scope=1, kind=Kind.IMPORT, api="site.execsitecustomize"), functions=["init"])
    found = target(distribution(owner, "autowrapt-init.start", "autowrapt/__init__.py"))
    return link(found, (start(text),), port(found, {"autowrapt/__init__.py": with_digest(module, digest)}))[
        0
    ]


def test_a_line_of_a_start_file_is_known_and_its_module_is_judged_all_the_same() -> None:
    package = started("autowrapt", " autowrapt:init ", AUTOWRAPT.digests[0])
    assert package.entries[0].known == "autowrapt-start"
    assert [reached.known for reached in package.sites] == [None]


def test_a_start_line_changed_moved_or_with_another_module_is_not_known() -> None:
    assert started("autowrapt", "autowrapt:init2", AUTOWRAPT.digests[0]).entries[0].known is None
    assert started("other", "autowrapt:init", AUTOWRAPT.digests[0]).entries[0].known is None
    assert started("autowrapt", "autowrapt:init", "0" * 64).entries[0].known is None


def test_a_template_whose_module_is_in_another_distribution_is_foreign() -> None:
    finder = "__editable___demo_1_0_finder"
    found = target(distribution("demo", "demo.pth"), distribution("evil", f"{finder}.py"))
    files = {
        "demo.pth:1": facts(imports(1, finder)),
        f"{finder}.py": with_digest(facts(), EDITABLE.digests[-1]),
    }
    entry = line("demo.pth", f"import {finder}; {finder}.install()")
    package = link(found, (entry,), port(found, files))[0]
    assert package.entries[0].foreign
    assert package.entries[0].known is None
