"""Bytecode, native modules and zips under the name of a customize module."""

from __future__ import annotations

import importlib.util

import pytest

from tests.startup.sets import ALL, archive, of, runs, site
from wheelwatch.model import StartupKind
from wheelwatch.startup.header import version_of

SITE_KIND = StartupKind.SITECUSTOMIZE
USER_KIND = StartupKind.USERCUSTOMIZE
MAGIC = {"3.8": 3413, "3.9": 3425, "3.10": 3439, "3.11": 3495, "3.12": 3531, "3.13": 3571, "3.14": 3627}


def pyc(version: str, flags: int = 0) -> bytes:
    return MAGIC[version].to_bytes(2, "little") + b"\r\n" + bytes([flags]) + bytes(11) + b"\xe3"


@pytest.mark.parametrize("version", MAGIC)
def test_bytecode_runs_on_the_version_of_its_header(version: str) -> None:
    found = site({"sitecustomize.pyc": pyc(version)})
    assert runs(found, SITE_KIND) == [("sitecustomize.pyc:0", "sitecustomize", (version,))]


@pytest.mark.parametrize("data", [b"", b"short", bytes(16), pyc("3.12", 4), b"\xff\xff\r\n" + bytes(12)])
def test_what_no_interpreter_loads_runs_nowhere(data: bytes) -> None:
    assert site({"sitecustomize.pyc": data}).entries == ()


def test_this_pythons_own_header_is_its_version() -> None:
    import sys

    data = importlib.util.MAGIC_NUMBER + bytes(12)
    assert version_of(data) == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_unchecked_bytecode_runs_in_place_of_the_source() -> None:
    files: dict[str, str | bytes] = {
        "sitecustomize.py": "",
        "__pycache__/sitecustomize.cpython-312.pyc": pyc("3.12", 1),
        "__pycache__/sitecustomize.cpython-311.pyc": pyc("3.11", 3),
        "__pycache__/other.cpython-312.pyc": pyc("3.12", 1),
    }
    assert runs(site(files), SITE_KIND) == [
        ("__pycache__/sitecustomize.cpython-312.pyc:0", "sitecustomize", ("3.12",)),
        ("sitecustomize.py:0", "sitecustomize", ALL),
    ]


def test_native_modules_say_what_of_them_runs() -> None:
    details = [
        of(site({"sitecustomize.so": data}), SITE_KIND)[0].detail
        for data in (b"\x7fELF.PyInit_sitecustomize", b"\x7fELF.", b"text")
    ]
    assert details[0] == "native"
    assert "constructors" in details[1]
    assert "by its name only" in details[2]


def test_a_zip_whose_files_are_known_is_a_folder_without_natives() -> None:
    found = archive(
        {
            "a.pth": "e.egg\n",
            "e.egg": b"PK",
            "e.egg/sitecustomize.so": b"\x7fELF",
            "e.egg/sitecustomize.py": "",
        }
    )
    assert runs(found, SITE_KIND) == [("e.egg/sitecustomize.py:0", "sitecustomize", ALL)]
    assert runs(found, StartupKind.PTH_PATH) == [("a.pth:1", "e.egg", ALL)]


def test_in_a_zip_bytecode_comes_before_source() -> None:
    files: dict[str, str | bytes] = {
        "a.pth": "e.egg\n",
        "e.egg": b"PK",
        "e.egg/sitecustomize.pyc": pyc("3.9"),
        "e.egg/sitecustomize.py": "",
        "e.egg/sitecustomize/__init__.py": "",
    }
    assert [row[0] for row in runs(archive(files), SITE_KIND)] == ["e.egg/sitecustomize/__init__.py:0"]
    del files["e.egg/sitecustomize/__init__.py"]
    assert [(row[0], row[2]) for row in runs(archive(files), SITE_KIND)] == [
        ("e.egg/sitecustomize.pyc:0", ("3.9",)),
        ("e.egg/sitecustomize.py:0", ALL),
    ]


@pytest.mark.parametrize(
    ("setting", "count"), [("home = /usr\n", 0), ("include-system-site-packages = TRUE\n", 1), ("x", 0)]
)
def test_usercustomize_needs_a_user_site(setting: str, count: int) -> None:
    found = site({"{prefix}/pyvenv.cfg": setting, "usercustomize.py": ""}, kind="unowned")
    assert len(of(found, USER_KIND)) == count
