"""Targets that cannot be read get a message that names them and says what to do."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.factories import site_dir, tree, wheel
from tests.support.program import Done, wheelwatch

WITHOUT_RIGHTS = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: root reads what its mode forbids
    if ctypes.CDLL(None).prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP; exec takes them away
        sys.exit("not permitted to drop a capability")
os.execv(sys.executable, [sys.executable, "-m", "wheelwatch", *sys.argv[1:]])
"""


def said(done: Done, *words: str) -> bool:
    """No traceback, and every word on stderr or stdout."""
    text = done.out + done.err
    return "Traceback" not in text and all(word in text for word in words)


def test_a_missing_path(tmp_path: Path) -> None:
    done = wheelwatch("scan", tmp_path / "not-there.whl")
    assert done.code == 2
    assert said(done, "not-there.whl")
    assert "not-there.whl" in done.err


def test_a_missing_path_beside_a_good_one_hides_nothing(tmp_path: Path) -> None:
    good = wheel(tmp_path, {"demo/__init__.py": "import sys\nsys.settrace(print)\n"})
    done = wheelwatch("scan", tmp_path / "not-there.whl", good, "--format", "json")
    assert done.code == 2
    assert [package["name"] for package in done.report["packages"]] == ["demo"]
    assert len(done.report["errors"]) == 1
    assert done.report["outcome"] == "incomplete"


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = wheelwatch("scan", tmp_path / "empty")
    assert done.code == 3
    assert said(done, "empty")


def test_a_folder_without_anything_to_scan(tmp_path: Path) -> None:
    done = wheelwatch("scan", tree(tmp_path / "texts", {"a.txt": "words", "b/c.md": "# more"}))
    assert done.code == 3
    assert said(done, "texts")


def test_an_empty_site_packages_is_clean(tmp_path: Path) -> None:
    (tmp_path / "site-packages").mkdir()
    done = wheelwatch("scan", tmp_path / "site-packages")
    assert done.code == 0
    assert done.err


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + bytes(100), b"\x7fELF" * 40])
def test_not_a_zip_though_named_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    path.write_bytes(content)
    done = wheelwatch("scan", path)
    assert done.code == 2
    assert said(done, path.name)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95, 0.999])
def test_a_truncated_archive(tmp_path: Path, share: float) -> None:
    path = wheel(tmp_path, {"demo/__init__.py": "x = 1\n" * 500, "demo/more.py": "y = 2\n" * 500})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    done = wheelwatch("scan", path)
    assert done.code == 2
    assert said(done, path.name)


def test_a_broken_wheel_does_not_hide_another(tmp_path: Path) -> None:
    wheel(tmp_path, {"zz.pth": "import sys; sys.settrace(print)\n"})
    (tmp_path / "broken-1.0-py3-none-any.whl").write_bytes(b"not a zip")
    done = wheelwatch("scan", tmp_path, "--format", "json")
    assert done.code == 1, "1 wins over 2"
    assert not done.report["complete"]
    assert "broken-1.0" in done.report["errors"][0]["where"]
    assert [package["level"] for package in done.report["packages"]] == ["high"]


def test_an_encrypted_startup_file(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"zz.pth": "import os\n", "demo/__init__.py": ""})
    encrypt(path, b"zz.pth")
    done = wheelwatch("scan", path, "--format", "json")
    assert done.code == 1
    (package,) = done.report["packages"]
    assert [(entry["path"], entry["reason"]) for entry in package["not_analysed"]] == [
        ("zz.pth", "encrypted")
    ]
    assert wheelwatch("scan", path, "--fail-on", "never").code == 2


@pytest.mark.processes
def test_unreadable_files_as_anyone(tmp_path: Path) -> None:
    folder = site_dir(
        tmp_path / "site-packages", {"demo-1.0": {"demo.py": "x = 1\n"}}, {"zz.pth": "import os\n"}
    )
    (folder / "zz.pth").chmod(0)
    done = without_rights("scan", str(folder), "--format", "json")
    assert done.code == 1, done.err
    unread = [entry for package in done.report["packages"] for entry in package["not_analysed"]]
    assert [(entry["path"], entry["reason"], entry["trigger"]) for entry in unread] == [
        ("zz.pth", "unreadable", "startup")
    ]


@pytest.mark.processes
def test_an_unreadable_target(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"demo/__init__.py": ""})
    path.chmod(0)
    done = without_rights("scan", str(path))
    assert done.code == 2
    assert said(done, path.name)


@pytest.mark.processes
def test_an_unreadable_folder_hides_no_other_target(tmp_path: Path) -> None:
    good = wheel(tmp_path, {"zz.pth": "import sys; sys.settrace(print)\n"})
    closed = tree(tmp_path / "closed", {"x.py": ""})
    closed.chmod(0)
    done = without_rights("scan", str(closed), str(good), "--format", "json")
    closed.chmod(0o755)
    assert done.code == 1, done.err
    assert [package["level"] for package in done.report["packages"]] == ["high"]
    (error,) = done.report["errors"]
    assert error["where"] == str(closed)
    assert "may read" in error["hint"]


def without_rights(*arguments: str) -> Done:
    """Run wheelwatch so that file modes hold for it also when the tests run as root."""
    start = ["-m", "wheelwatch"] if os.geteuid() else ["-c", WITHOUT_RIGHTS]
    done = subprocess.run([sys.executable, *start, *arguments], capture_output=True, text=True, check=False)
    if "not permitted to drop" in done.stderr:
        pytest.skip("root here may not give up its rights")
    return Done(done.returncode, done.stdout, done.stderr)


def encrypt(path: Path, name: bytes) -> None:
    """Set the encryption bit of a member, in its local header and in the central directory."""
    with zipfile.ZipFile(path) as archive:
        local = archive.getinfo(name.decode()).header_offset
        directory = archive.start_dir
    content = bytearray(path.read_bytes())
    content[local + 6] |= 1
    content[content.index(name, directory) - 46 + 8] |= 1
    path.write_bytes(content)


def test_the_platform_has_what_dropping_rights_needs() -> None:
    assert sys.platform != "linux" or hasattr(ctypes.CDLL(None), "prctl")
