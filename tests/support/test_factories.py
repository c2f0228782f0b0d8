"""The factories build what installers accept."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support.factories import digest, sdist, site_dir, tree, wheel
from tests.support.pythons import interpreters


def test_a_wheel_lists_every_member_in_its_record(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"demo/__init__.py": "x = 1\n", "zz,1.pth": b"demo\n"}, metadata="Summary: s\n")
    with zipfile.ZipFile(path) as archive:
        record = archive.read("demo-1.0.dist-info/RECORD").decode()
        names = archive.namelist()
        assert archive.read("demo-1.0.dist-info/METADATA").endswith(b"Version: 1.0\nSummary: s\n")
    assert path.name == "demo-1.0-py3-none-any.whl"
    assert "demo/__init__.py," + digest(b"x = 1\n") + ",6\n" in record
    assert '"zz,1.pth",' in record
    assert len(record.splitlines()) == len(names) == 5


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    files = {"demo/__init__.py": "x = 1\n"}
    assert wheel(tmp_path / "a", files).read_bytes() == wheel(tmp_path / "b", files).read_bytes()
    assert sdist(tmp_path / "a", files).read_bytes() == sdist(tmp_path / "b", files).read_bytes()


def test_an_sdist_has_one_top_folder(tmp_path: Path) -> None:
    path = sdist(tmp_path, {"setup.py": "print()\n"}, name="some-thing", version="2")
    with tarfile.open(path) as archive:
        assert archive.getnames() == ["some_thing-2/setup.py", "some_thing-2/PKG-INFO"]


def test_a_site_directory_has_owners_and_loose_files(tmp_path: Path) -> None:
    folder = site_dir(tmp_path, {"a-b-1.0": {"a_b.py": ""}}, {"loose.pth": "import os\n"})
    record = (folder / "a_b-1.0.dist-info" / "RECORD").read_text()
    assert "a_b.py," in record
    assert "loose.pth" not in record
    assert (folder / "loose.pth").read_text() == "import os\n"


def test_a_tree_makes_folders(tmp_path: Path) -> None:
    assert (tree(tmp_path / "t", {"a/b.py": b"\xff"}) / "a/b.py").read_bytes() == b"\xff"


@pytest.mark.executes
def test_every_interpreter_is_there() -> None:
    found = interpreters()
    assert found
    assert all(path.exists() for path in found.values())
    assert all(int(version.split(".")[1]) >= 8 for version in found)
