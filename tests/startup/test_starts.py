"""``.start`` files (PEP 829) and what they switch off."""

from __future__ import annotations

import pytest

from tests.startup.sets import ALL, BEFORE_15, archive, distribution, of, read, runs, site, target
from wheelwatch.model import StartupKind
from wheelwatch.startup import surface

QUIET = [
    "pkg.mod",
    "pkg.mod:",
    ":go",
    "pkg:go [x]",
    "name = pkg:go",
    "1pkg:go",
    "pkg..mod:go",
    "# pkg:go",
    "",
]


@pytest.mark.parametrize("line", QUIET)
def test_is_no_entry_point(line: str) -> None:
    assert site({"a.start": line + "\n"}).entries == ()


@pytest.mark.parametrize("line", ["pkg:go", "a.b:C.d", "class:go", "²mod:go", "  pkg:go\t", "\ufeffpkg:go"])
def test_is_an_entry_point(line: str) -> None:
    expected = [("a.start:1", line.strip("\ufeff \t"), ("3.15",))]
    assert runs(site({"a.start": line}), StartupKind.START) == expected


def test_written_twice_is_called_twice() -> None:
    found = runs(site({"a.start": "pkg:go\npkg:go\x85pkg:go\n"}), StartupKind.START)
    assert [place for place, _, _ in found] == ["a.start:1", "a.start:2", "a.start:2"]


def test_silences_the_import_lines_of_its_pth_and_leaves_the_paths() -> None:
    found = site({"a.pth": "sub\nimport os\n", "a.start": "pkg:go\npkg:come\n", "sub/x.py": ""})
    assert runs(found) == [("a.pth:2", "import os", BEFORE_15)]
    assert of(found, StartupKind.PTH_PATH)[0].pythons == ALL
    assert [entry.silences for entry in of(found, StartupKind.START)] == ["a.pth", ""]


def test_an_empty_one_silences_too_and_so_does_a_strangers() -> None:
    victim = distribution({"guard.pth": "import os\n"}, name="guard", root="")
    stranger = distribution({"guard.start": "# nothing\n"}, name="stranger", root="")
    found = surface(target(victim, stranger), read)
    assert runs(found) == [("guard.pth:1", "import os", BEFORE_15)]
    (entry,) = of(found, StartupKind.START)
    assert (entry.distribution, entry.line, entry.silences) == (1, 0, "guard.pth")
    assert entry.pythons == ("3.15",)


@pytest.mark.parametrize(("name", "content"), [("a.start", b"\xff"), (".a.start", b""), ("b.start", b"")])
def test_silences_nothing(name: str, content: bytes) -> None:
    found = site({"a.pth": "import os\n", name: content})
    assert runs(found) == [("a.pth:1", "import os", ALL)]
    assert of(found, StartupKind.START) == []
    assert found.not_analysed == ()


def test_a_pth_of_one_version_is_silenced_on_that_version_only() -> None:
    lead = "{prefix}/lib/python3.15/site-packages/"
    found = site(
        {"a.pth": "import os\n", f"{lead}a.start": "", "b.pth": "import os\n"}, root="", kind="wheel"
    )
    assert runs(found)[0] == ("a.pth:1", "import os", BEFORE_15)
    other = lead.replace("3.15", "3.14")
    found = site(
        {"a.pth": "import os\n", f"{other}a.start": "", "b.pth": "import os\n"}, root="", kind="wheel"
    )
    assert runs(found)[0] == ("a.pth:1", "import os", ALL)


def test_a_well_known_pth_is_silenced_wherever_the_file_comes_to() -> None:
    (entry,) = of(archive({"distutils-precedence.start": ""}), StartupKind.START)
    assert (entry.silences, entry.line) == ("distutils-precedence.pth", 0)
    assert archive({"somebody.start": ""}).entries == ()


def test_a_well_known_pth_without_import_lines_is_still_named() -> None:
    files = {"pywin32.pth": "win32\n", "pywin32.start": "pkg:go\n"}
    assert [entry.silences for entry in of(archive(files), StartupKind.START)] == ["pywin32.pth"]
