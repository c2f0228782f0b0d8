"""Path lines, and customize modules in every form and place."""

from __future__ import annotations

import pytest

from tests.startup.sets import ALL, UP_TO_12, archive, distribution, of, read, runs, site, target
from wheelwatch.model import StartupKind
from wheelwatch.startup import surface

PATH = StartupKind.PTH_PATH
SITE_KIND = StartupKind.SITECUSTOMIZE


@pytest.mark.parametrize(
    "line", ["hidden", "./hidden/", "hidden/../hidden", "../site-packages/hidden", "hidden   "]
)
def test_a_path_line_leads_to_a_folder(line: str) -> None:
    found = site({"a.pth": line + "\n", "hidden/sitecustomize.py": "", "hidden/b.pth": "import os\n"})
    assert runs(found, PATH) == [("a.pth:1", "hidden", ALL)]
    assert runs(found) == []
    (entry,) = of(found, SITE_KIND)
    assert entry.member.path == "hidden/sitecustomize.py"
    assert "a.pth:1" in entry.detail


def test_existence_decides() -> None:
    found = site({"a.pth": "nothing\n.\nfile.txt\n", "file.txt": "", "other/sitecustomize.py": ""})
    assert of(found, SITE_KIND) == []
    assert [entry.target for entry in of(found, PATH)] in ([], ["file.txt"])


def test_an_absolute_path_is_inside_or_outside() -> None:
    root = "/env/lib/python3.12/site-packages"
    found = site({"a.pth": f"{root}/hidden\n/home/x/src\n../../../share\n", "hidden/m.py": ""})
    rows = [(entry.target, entry.detail) for entry in of(found, PATH)]
    assert rows == [
        ("hidden", ""),
        ("/home/x/src", "outside what was scanned"),
        ("../../../share", "outside what was scanned"),
    ]


def test_an_archive_reaches_its_own_prefix_files_by_a_climbing_line() -> None:
    found = archive({"a.pth": "../../../share/x\n", "{prefix}/share/x/sitecustomize.py": ""})
    assert runs(found, PATH) == [("a.pth:1", "{prefix}/share/x", ALL)]
    assert [entry.member.path for entry in of(found, SITE_KIND)] == ["{prefix}/share/x/sitecustomize.py"]


def test_an_import_line_that_is_a_path_elsewhere_is_no_path_entry() -> None:
    assert of(archive({"a.pth": "  import os\n\ufeffimport sys\n"}), PATH) == []


def test_a_path_line_of_a_hidden_file_counts_for_old_micros() -> None:
    found = site({".a.pth": "hidden\n", "hidden/sitecustomize.py": ""})
    assert runs(found, SITE_KIND) == [("hidden/sitecustomize.py:0", "sitecustomize", UP_TO_12)]


def test_the_first_place_on_the_path_wins() -> None:
    found = site({"a.pth": "one\ntwo\n", "one/sitecustomize.py": "", "two/sitecustomize.py": ""})
    assert [entry.member.path for entry in of(found, SITE_KIND)] == ["one/sitecustomize.py"]
    found = site({"a.pth": "one\n", "one/sitecustomize.py": "", "sitecustomize.py": ""})
    assert [entry.member.path for entry in of(found, SITE_KIND)] == ["sitecustomize.py"]


def test_which_file_wins_can_depend_on_the_version() -> None:
    found = site({"a.pth": " one\ntwo\n", "one/sitecustomize.py": "", "two/sitecustomize.py": ""})
    assert sorted((path, pythons) for path, _, pythons in runs(found, SITE_KIND)) == [
        ("one/sitecustomize.py:0", ("3.15",)),
        ("two/sitecustomize.py:0", ALL[:-1]),
    ]


@pytest.mark.parametrize(
    "name", ["sitecustomize/x.py", "sitecustomize", "pkg/sitecustomize.py", "sitecustomize.txt"]
)
def test_runs_nothing(name: str) -> None:
    assert site({name: ""}).entries == ()


def test_forms_and_their_order() -> None:
    package = site({"sitecustomize/__init__.py": "", "sitecustomize.py": "", "sitecustomize.so": ""})
    assert [entry.member.path for entry in of(package, SITE_KIND)] == ["sitecustomize/__init__.py"]
    native = site({"sitecustomize.py": "", "sitecustomize.so": b"\x7fELF PyInit_sitecustomize"})
    assert [(entry.member.path, entry.detail) for entry in of(native, SITE_KIND)] == [
        ("sitecustomize.so", "native"),
        ("sitecustomize.py", "on Windows"),
    ]
    tagged = site({"sitecustomize.cpython-39-x86_64-linux-gnu.so": b"\x7fELF"})
    assert of(tagged, SITE_KIND)[0].pythons == ("3.9",)


def test_usercustomize_and_debians_hook_say_their_condition() -> None:
    found = site({"usercustomize.py": "", "apport_python_hook.py": ""})
    (user,) = of(found, StartupKind.USERCUSTOMIZE)
    (apport,) = of(found, StartupKind.APPORT)
    assert "user site" in user.detail
    assert "Debian" in apport.detail


def test_a_version_folder_of_a_wheel_counts_for_that_version() -> None:
    found = archive({"{prefix}/lib/python3.9/site-packages/a.pth": "import os\n"})
    assert runs(found) == [
        ("{prefix}/lib/python3.9/site-packages/a.pth:1", "import os", ("3.9",)),
    ]


def test_archives_side_by_side_do_not_hide_each_other() -> None:
    one = distribution({"sitecustomize.py": ""}, name="one", root="")
    two = distribution({"sitecustomize/__init__.py": ""}, name="two", root="")
    found = surface(target(one, two), read)
    assert sorted(entry.distribution for entry in of(found, SITE_KIND)) == [0, 1]
