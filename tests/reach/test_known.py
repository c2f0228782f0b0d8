"""Known startup lines: excused with their unchanged module, and nothing beyond it."""

from __future__ import annotations

import msgspec
import pytest

from tests.reach.written import calls, distribution, facts, imports, line, port, site, target
from wheelwatch.catalogue.known import entries, matches, may_be_known
from wheelwatch.model import Distribution, FileFacts, Kind, LinkedPackage, PackageKind, Trigger
from wheelwatch.reach import link

HACK = next(known for known in entries() if known.id == "setuptools-distutils-local")
PATHS = ("distutils-precedence.pth", "_distutils_hack/__init__.py", "setuptools/__init__.py")


def files(digest: str = HACK.digests[-1]) -> dict[str, FileFacts]:
    hack = facts(
        imports(1, "setuptools", scope=1),
        site(9, scope=1, kind=Kind.IMPORT, api="sys.meta_path.insert"),
        functions=["add_shim"],
    )
    return {
        "distutils-precedence.pth:1": facts(
            imports(1, "_distutils_hack"), calls(1, "_distutils_hack.add_shim")
        ),
        "_distutils_hack/__init__.py": msgspec.structs.replace(hack, digest=digest),
        "setuptools/__init__.py": facts(site(2)),
    }


def linked(
    *distributions: Distribution, text: str = HACK.line, digest: str = HACK.digests[-1]
) -> tuple[LinkedPackage, ...]:
    found = target(*distributions)
    return link(found, (line("distutils-precedence.pth", text),), port(found, files(digest)))


def test_the_line_and_its_module_are_known_but_not_what_they_reach() -> None:
    (package,) = linked(distribution("setuptools", *PATHS))
    assert package.entries[0].known == HACK.id
    assert [(r.member.path, r.trigger, r.known) for r in package.sites] == [
        ("_distutils_hack/__init__.py", Trigger.STARTUP, HACK.id),
        ("setuptools/__init__.py", Trigger.STARTUP, None),
    ]


@pytest.mark.parametrize(
    ("owner", "text", "digest"),
    [
        ("setuptools", HACK.line.replace("'local'", "'locaI'", 1), HACK.digests[-1]),
        ("setuptools", HACK.line + "; import this", HACK.digests[-1]),
        ("setuptools", " " + HACK.line, HACK.digests[-1]),
        ("other", HACK.line, HACK.digests[-1]),
        ("setuptools", HACK.line, "0" * 64),
        ("setuptools", HACK.line, ""),
    ],
)
def test_one_change_and_nothing_is_known(owner: str, text: str, digest: str) -> None:
    (package,) = linked(distribution(owner, *PATHS), text=text, digest=digest)
    assert package.entries[0].known is None
    assert not package.entries[0].foreign
    assert {reached.known for reached in package.sites} == {None}


def test_a_module_of_somebody_else_behind_a_known_line_is_foreign() -> None:
    first, second = linked(distribution("setuptools", PATHS[0], PATHS[2]), distribution("evil", PATHS[1]))
    assert first.entries[0].foreign
    assert first.entries[0].known is None
    assert second.sites[0].known is None


def test_the_same_distribution_in_base_and_environment_is_not_foreign() -> None:
    one = msgspec.structs.replace(distribution("setuptools", *PATHS), root="env")
    base = msgspec.structs.replace(distribution("Setuptools", *PATHS), root="base")
    found = msgspec.structs.replace(target(one, base), roots=("env", "base"), site_roots=("env", "base"))
    entered = tuple(
        msgspec.structs.replace(line("distutils-precedence.pth", HACK.line), distribution=index)
        for index in range(2)
    )
    packages = link(found, entered, port(found, files()))
    assert [(package.entries[0].known, package.entries[0].foreign) for package in packages] == [
        (HACK.id, False),
        (HACK.id, False),
    ]
    assert {reached.known for package in packages for reached in package.sites[:1]} == {HACK.id}


def test_a_namesake_in_the_same_folder_is_foreign() -> None:
    first, _ = linked(distribution("setuptools", PATHS[0], PATHS[2]), distribution("setuptools", PATHS[1]))
    assert first.entries[0].foreign


def test_a_site_that_an_unknown_line_reaches_too_is_not_known() -> None:
    demo = target(distribution("setuptools", *PATHS, "zz.pth"))
    everything = files() | {
        "zz.pth:1": facts(imports(1, "_distutils_hack"), calls(1, "_distutils_hack.add_shim"))
    }
    entered = (line("distutils-precedence.pth", HACK.line), line("zz.pth", "import _distutils_hack; ..."))
    (package,) = link(demo, entered, port(demo, everything))
    assert [entry.known for entry in package.entries] == [HACK.id, None]
    assert {reached.known for reached in package.sites} == {None}


NSPKG = next(known for known in entries() if known.id == "nspkg").line.replace("{names}", "'google',")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NSPKG.replace("{package}", "google"), ["nspkg"]),
        (NSPKG.replace("{package}", "google", 1).replace("{package}", "evil"), []),
        (NSPKG.replace("{package}", "os').system('x"), []),
        (
            "import __editable___demo_1_0_finder; __editable___demo_1_0_finder.install()",
            ["setuptools-editable"],
        ),
        ("import __editable___demo_1_0_finder; __editable___evil_1_0_finder.install()", []),
        ("import os; os.install()", []),
    ],
)
def test_templates(text: str, expected: list[str]) -> None:
    assert [match.known.id for match in matches(text, "anything", is_unowned=False)] == expected


def test_owner_none_means_that_nobody_owns_it() -> None:
    found = [
        [m.known.id for m in matches("import _virtualenv", "x", is_unowned=flag)] for flag in (True, False)
    ]
    assert found == [["virtualenv"], []]


def test_only_files_with_a_token_are_worth_a_digest() -> None:
    assert may_be_known("class DistutilsMetaFinder: pass")
    assert not may_be_known("import sys")


def test_unowned_package_may_hold_a_known_line() -> None:
    known = next(known for known in entries() if known.id == "virtualenv")
    demo = target(distribution("unowned", "_virtualenv.pth", "_virtualenv.py", kind=PackageKind.UNOWNED))
    module = msgspec.structs.replace(facts(site(3, kind=Kind.IMPORT)), digest=known.digests[0])
    answers = port(demo, {"_virtualenv.pth:1": facts(imports(1, "_virtualenv")), "_virtualenv.py": module})
    (package,) = link(demo, (line("_virtualenv.pth", "import _virtualenv"),), answers)
    assert package.entries[0].known == "virtualenv"
    assert package.sites[0].known == "virtualenv"
