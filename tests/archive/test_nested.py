"""Zips inside wheels and folders, whatever their suffix."""

import io
import zipfile
from pathlib import Path

from tests.support.factories import site_dir, wheel
from wheelwatch.archive import Tree, read, read_nested, read_tree, read_wheel
from wheelwatch.limits import DEFAULT


def packed(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


ZIP = packed({"sitecustomize.py": "x = 1\n", "pkg/a.py": "y = 2\n", "../out.py": "", "d/": ""})


def test_a_zip_in_a_wheel_is_read(tmp_path: Path) -> None:
    found = read_wheel(wheel(tmp_path, {"z.pth": "data.bin\n", "data.bin": ZIP, "no.zip": "x"}), DEFAULT)
    inner = read_nested(found.members[1], DEFAULT)
    assert [m.place for m in inner] == ["data.bin/sitecustomize.py", "data.bin/pkg/a.py"]
    assert [read(m.source, DEFAULT) for m in inner] == [b"x = 1\n", b"y = 2\n"]
    assert read_nested(found.members[2], DEFAULT) == ()


def test_a_zip_in_a_folder_is_read(tmp_path: Path) -> None:
    root = site_dir(tmp_path, {}, {"data.bin": b"#!/bin/sh\n" + ZIP})
    found = read_tree(Tree(root=str(root), location="x"), DEFAULT)[0]
    inner = read_nested(found.members[0], DEFAULT)
    assert [m.place for m in inner] == ["data.bin/sitecustomize.py", "data.bin/pkg/a.py"]
    assert [read(m.source, DEFAULT) for m in inner] == [b"x = 1\n", b"y = 2\n"]
