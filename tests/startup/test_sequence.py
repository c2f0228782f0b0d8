"""The boot sequence, the union over releases, and lines that tools write."""

from __future__ import annotations

import msgspec
import pytest

from tests.startup.sets import distribution, of, read, site, target
from tests.truth.startup.cases import cases
from wheelwatch.model import SUPPORTED_PYTHONS, StartupEntry, StartupKind
from wheelwatch.startup import dialects, sequence, surface
from wheelwatch.startup.generated import writer

FILES = {
    "b.pth": "import b1\nsub\nimport b2\n",
    "a.pth": "import a1\n",
    "Z.pth": "import z1\n",
    "c.start": "pkg:c\n",
    "sub/sitecustomize.py": "",
    "usercustomize.py": "",
    "msvcrt.py": "",
    "{prefix}/bin/python._pth": "",
}


def order(python: str) -> list[str]:
    one = target(distribution(FILES))
    steps = sequence(one, surface(one, read))
    assert {step.root for step in steps} == {one.roots[0]}
    return [
        f"{step.phase}:{step.entry.text or step.entry.member.path}"
        for step in steps
        if step.python == python
    ]


def test_up_to_314_lines_run_as_they_come() -> None:
    assert order("3.14") == [
        "interpreter:{prefix}/bin/python._pth",
        "site:import z1",
        "site:import a1",
        "site:import b1",
        "site:sub",
        "site:import b2",
        "sitecustomize:sub/sitecustomize.py",
        "usercustomize:usercustomize.py",
        "later:msvcrt.py",
    ]


def test_315_takes_paths_first_and_starts_last() -> None:
    assert order("3.15") == [
        "interpreter:{prefix}/bin/python._pth",
        "paths:sub",
        "imports:import z1",
        "imports:import a1",
        "imports:import b1",
        "imports:import b2",
        "starts:pkg:c",
        "sitecustomize:sub/sitecustomize.py",
        "usercustomize:usercustomize.py",
        "later:msvcrt.py",
    ]


def test_site_directories_come_in_their_order() -> None:
    one = distribution({"z.pth": "import first\n"}, root="/env/one")
    two = distribution({"a.pth": "import second\n"}, root="/env/two")
    both = target(one, two)
    steps = [step for step in sequence(both, surface(both, read)) if step.python == "3.12"]
    assert [(step.root, step.entry.text) for step in steps] == [
        ("/env/one", "import first"),
        ("/env/two", "import second"),
    ]


def test_a_library_comes_before_the_site_directories() -> None:
    library = distribution({"sitecustomize.py": ""}, name="system", root="/usr/lib/python3.11")
    packages = distribution(
        {"sitecustomize.py": "", "apport_python_hook.py": ""}, root="/usr/lib/python3/dist-packages"
    )
    both = msgspec.structs.replace(
        target(library, packages), site_roots=("/usr/lib/python3/dist-packages",)
    )
    found = surface(both, read)
    assert [entry.distribution for entry in of(found, StartupKind.SITECUSTOMIZE)] == [0]
    assert [entry.distribution for entry in of(found, StartupKind.APPORT)] == [1]


def test_a_root_behind_the_site_directories_counts_where_a_line_reaches_it() -> None:
    packages = distribution({"a.pth": " /home/x/src\n"})
    source = distribution({"sitecustomize.py": ""}, name="x", root="/home/x/src")
    both = msgspec.structs.replace(target(packages, source), site_roots=(packages.root,))
    (entry,) = of(surface(both, read), StartupKind.SITECUSTOMIZE)
    assert (entry.distribution, entry.pythons) == (1, ("3.15",))


def identity(entry: StartupEntry) -> tuple[object, ...]:
    code = entry.code.source if entry.code else None
    return entry.kind, entry.member.path, entry.line, str(code).strip(), entry.target


@pytest.mark.parametrize("python", SUPPORTED_PYTHONS)
def test_a_version_is_listed_when_one_of_its_releases_runs_it(python: str) -> None:
    for case in cases()[::3]:
        one = target(distribution(case.files))
        whole = {identity(entry) for entry in surface(one, read).entries if python in entry.pythons}
        parts = [surface(one, read, spoken=(dialect,)).entries for dialect in dialects(python)]
        found = {identity(entry) for part in parts for entry in part}
        # A code is kept as the oldest dialect has it, white space around it aside.
        assert {row[:3] for row in whole} == {row[:3] for row in found}, case.name


EGGS = (
    "import sys; new = sys.path[sys.__plen:]; del sys.path[sys.__plen:]; "
    "p = getattr(sys, '__egginsert', 0); sys.path[p:p] = new; sys.__egginsert = p + len(new)"
)
WRITTEN = [
    ("import _virtualenv", "virtualenv"),
    ("import __editable___demo_1_0_finder; __editable___demo_1_0_finder.install()", "setuptools"),
    ("import _editable_impl_demo", "hatchling"),
    ("import _demo_editable", "scikit-build-core"),
    ("import sys; sys.__plen = len(sys.path)", "eggs"),
    (EGGS, "eggs"),
]


@pytest.mark.parametrize(("line", "by"), WRITTEN)
def test_lines_that_tools_write_are_known_by_their_form(line: str, by: str) -> None:
    assert by in writer(line)
    assert by in site({"any.pth": line}).entries[0].detail


@pytest.mark.parametrize(
    "line",
    [
        "import _virtualenv; import evil",
        "import __editable___a_finder; __editable___b_finder.install()",
        "import demo",
        "import sys; sys.__plen = len(sys.path); evil()",
    ],
)
def test_other_lines_are_nobodys(line: str) -> None:
    assert writer(line) == ""
