"""Sdists: places of a later install, build code, links and devices, and tars that lie."""

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support.factories import sdist
from wheelwatch.archive import Issue, read, read_sdist
from wheelwatch.errors import TargetError
from wheelwatch.limits import DEFAULT, MIB, Limits
from wheelwatch.model import Distribution, NotAnalysed, PackageKind, Reason


def places(found: Distribution) -> dict[str, str | None]:
    return {m.stored.removeprefix("demo-1.0/"): m.place for m in found.members}


def issues(found: Distribution) -> list[tuple[str, str]]:
    return [(i.issue, i.path) for i in found.issues]


def tar(folder: Path, *members: tuple[tarfile.TarInfo, bytes], tail: bytes = b"") -> Path:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    path = folder / "demo-1.0.tar.gz"
    path.write_bytes(gzip.compress(buffer.getvalue() + tail))
    return path


def info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type = kind
    made.linkname = link
    return made


PKG_INFO = (info("demo-1.0/PKG-INFO"), b"Name: demo\nVersion: 1.0\n")


def test_packages_are_placed_and_the_rest_is_build_code(tmp_path: Path) -> None:
    files = {
        "setup.py": "",
        "demo/__init__.py": "x = 1\n",
        "demo/sub/a.py": "",
        "tests/__init__.py": "",
        "docs/conf.py": "",
        "zz.pth": "import demo\n",
        "sitecustomize.py": "",
    }
    found = read_sdist(sdist(tmp_path, files, metadata="Requires-Python: >=3.14\n"), DEFAULT)
    assert (found.name, found.version, found.kind) == ("demo", "1.0", PackageKind.SDIST)
    assert found.pythons == ("3.14", "3.15")
    assert places(found) == {
        "setup.py": None,
        "demo/__init__.py": "demo/__init__.py",
        "demo/sub/a.py": "demo/sub/a.py",
        "tests/__init__.py": None,
        "docs/conf.py": None,
        "zz.pth": "zz.pth",
        "sitecustomize.py": "sitecustomize.py",
        "PKG-INFO": None,
    }
    assert issues(found) == []
    assert read(found.members[1].source, DEFAULT) == b"x = 1\n"
    assert found.members[0].path == "{source}/demo-1.0/setup.py"


@pytest.mark.parametrize(
    ("pyproject", "file", "place"),
    [
        ("", "src/demo/a.py", "demo/a.py"),
        ("", "src/zz.pth", "zz.pth"),
        ('[tool.hatch.build.targets.wheel]\npackages = ["python/demo"]\n', "python/demo/a.py", "demo/a.py"),
        ('[tool.poetry]\npackages = [{include = "demo", from = "lib"}]\n', "lib/demo/a.py", "demo/a.py"),
        ('[tool.setuptools]\npackage-dir = {"" = "source"}\n', "source/demo/a.py", "demo/a.py"),
        ('[tool.setuptools.package-dir]\n"demo.x" = "other"\n', "other/a.py", "demo/x/a.py"),
        ("[tool]\nhatch = 1\npoetry = []\n", "demo/__init__.py", "demo/__init__.py"),
        ("this is = no [toml", "demo/__init__.py", "demo/__init__.py"),
    ],
)
def test_layouts_of_backends(tmp_path: Path, pyproject: str, file: str, place: str) -> None:
    found = read_sdist(sdist(tmp_path, {"pyproject.toml": pyproject, file: ""}), DEFAULT)
    assert places(found)[file] == place


def test_top_level_txt_decides_when_there_is_one(tmp_path: Path) -> None:
    files = {
        "demo.egg-info/top_level.txt": "demo\ntests\n",
        "demo/a.py": "",
        "tests/b.py": "",
        "other.py": "",
    }
    found = places(read_sdist(sdist(tmp_path, files), DEFAULT))
    assert (found["demo/a.py"], found["tests/b.py"], found["other.py"]) == ("demo/a.py", "tests/b.py", None)


def test_links_devices_and_fifos_are_named_and_not_analysed(tmp_path: Path) -> None:
    path = tar(
        tmp_path,
        PKG_INFO,
        (info("demo-1.0/link.py", tarfile.SYMTYPE, "/etc/passwd"), b""),
        (info("demo-1.0/hard.py", tarfile.LNKTYPE, "demo-1.0/a.py"), b""),
        (info("demo-1.0/fifo", tarfile.FIFOTYPE), b""),
        (info("demo-1.0/dev", tarfile.CHRTYPE), b""),
        (info("demo-1.0/a.py"), b"x = 1\n"),
    )
    found = read_sdist(path, DEFAULT)
    assert issues(found) == [
        (Issue.SYMLINK, "demo-1.0/link.py"),
        (Issue.HARD_LINK, "demo-1.0/hard.py"),
        (Issue.SPECIAL, "demo-1.0/fifo"),
        (Issue.SPECIAL, "demo-1.0/dev"),
    ]
    assert [(m.stored, w.reason) for m, w in found.not_analysed] == [
        ("demo-1.0/link.py", Reason.NOT_REGULAR),
        ("demo-1.0/fifo", Reason.NOT_REGULAR),
        ("demo-1.0/dev", Reason.NOT_REGULAR),
    ]
    assert "/etc/passwd" in found.not_analysed[0][1].detail
    assert read(found.members[2].source, DEFAULT) == b"x = 1\n"
    assert read(found.members[-1].source, DEFAULT) == b"x = 1\n"


def test_climbing_names_are_named_and_left_out(tmp_path: Path) -> None:
    path = tar(
        tmp_path,
        PKG_INFO,
        (info("../x.pth"), b"a"),
        (info("/abs.py"), b"b"),
        (info("demo-1.0/../../y"), b""),
    )
    found = read_sdist(path, DEFAULT)
    assert [i for i, _ in issues(found)] == [Issue.CLIMBING] * 3
    assert [m.stored for m in found.members] == ["demo-1.0/PKG-INFO"]


def test_names_in_every_format_are_those_of_tarfile(tmp_path: Path) -> None:
    names = ["demo-1.0/" + "d" * 90 + "/" + "n" * 90 + ".py", "demo-1.0/ü\x1b.py", "demo-1.0/" + "x" * 300]
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        path = tmp_path / str(form) / "demo-1.0.tar.gz"
        path.parent.mkdir()
        with tarfile.open(path, "w:gz", format=form) as archive:
            for name in names:
                made = tarfile.TarInfo(name)
                made.size = 3
                archive.addfile(made, io.BytesIO(b"abc"))
        found = read_sdist(path, DEFAULT)
        assert [m.stored for m in found.members] == names
        assert {read(m.source, DEFAULT) for m in found.members} == {b"abc"}


def test_a_cut_tar_is_an_error_with_a_hint(tmp_path: Path) -> None:
    path = sdist(tmp_path, {"demo/a.py": os.urandom(5000).hex()})
    whole = path.read_bytes()
    for data in (whole[: len(whole) // 2], b"no gzip at all", b"", gzip.compress(b"x" * 600)):
        path.write_bytes(data)
        with pytest.raises(TargetError) as caught:
            read_sdist(path, DEFAULT)
        assert caught.value.hint


def test_zeros_without_end_are_bounded_and_named(tmp_path: Path) -> None:
    limits = Limits(unpacked_bytes=4 * MIB, member_bytes=2 * MIB)
    path = tar(
        tmp_path, PKG_INFO, (info("demo-1.0/a.py"), b"x = 1\n"), (info("demo-1.0/z.py"), bytes(16 * MIB))
    )
    found = read_sdist(path, limits)
    assert Issue.BOMB in {i.issue for i in found.issues}
    assert read(found.members[1].source, limits) == b"x = 1\n"
    outcome = read(found.members[2].source, limits)
    assert isinstance(outcome, NotAnalysed)
    assert outcome.reason is Reason.TOO_LARGE


def test_a_zip_is_an_sdist_too(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo-1.0/PKG-INFO", "Name: demo\nVersion: 1.0\n")
        archive.writestr("demo-1.0/demo/__init__.py", "x = 1\n")
        archive.writestr("../evil.pth", "import os\n")
        link = zipfile.ZipInfo("demo-1.0/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    found = read_sdist(path, DEFAULT)
    assert (found.name, found.kind) == ("demo", PackageKind.SDIST)
    assert places(found)["demo/__init__.py"] == "demo/__init__.py"
    assert set(issues(found)) == {(Issue.CLIMBING, "../evil.pth"), (Issue.SYMLINK, "demo-1.0/link")}


def test_a_name_that_disagrees_with_the_metadata_is_named(tmp_path: Path) -> None:
    path = sdist(tmp_path, {"demo.py": ""}, name="demo", filename="other-2.0.tar.gz")
    assert [i for i, _ in issues(read_sdist(path, DEFAULT))] == [Issue.NAME_MISMATCH]


def test_a_link_has_the_content_to_which_it_leads(tmp_path: Path) -> None:
    path = tar(
        tmp_path,
        PKG_INFO,
        (info("demo-1.0/setup.py", tarfile.SYMTYPE, "docs/../hidden/x.txt"), b""),
        (info("demo-1.0/a", tarfile.SYMTYPE, "setup.py"), b""),
        (info("demo-1.0/b", tarfile.SYMTYPE, "c"), b""),
        (info("demo-1.0/c", tarfile.SYMTYPE, "b"), b""),
        (info("demo-1.0/hidden/x.txt"), b"import os\n"),
    )
    found = {m.stored.removeprefix("demo-1.0/"): m for m in read_sdist(path, DEFAULT).members}
    assert read(found["setup.py"].source, DEFAULT) == read(found["a"].source, DEFAULT) == b"import os\n"
    assert {m.stored for m, _ in read_sdist(path, DEFAULT).not_analysed} == {"demo-1.0/b", "demo-1.0/c"}
