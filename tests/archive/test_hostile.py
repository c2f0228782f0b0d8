"""Whatever the bytes are: a distribution or a TargetError, never another exception, never a hang."""

import gzip
import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archive.forge import Row, forge, forged_wheel
from tests.support.factories import site_dir, wheel
from wheelwatch.archive import Tree, read, read_nested, read_sdist, read_tree, read_wheel
from wheelwatch.archive.metadata import entry_points, metadata, pythons
from wheelwatch.archive.place import pip_place, site_place, uv_place
from wheelwatch.archive.record import record
from wheelwatch.errors import TargetError
from wheelwatch.limits import DEFAULT, MIB, Limits
from wheelwatch.model import ContainerKind, Distribution, FileRef, NotAnalysed, Reason

SMALL = Limits(member_bytes=MIB, unpacked_bytes=4 * MIB, members=200)
EDITS = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=12)


def edited(data: bytes, edits: list[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for at, value in edits:
        changed[at % len(changed)] = value
    return bytes(changed)


def attempted(reading: Callable[[Path, Limits], Distribution], path: Path) -> Distribution | None:
    """The distribution, or nothing when the archive is refused in the one way that it may be."""
    try:
        return reading(path, SMALL)
    except TargetError as error:
        return None if error.hint else pytest.fail("an error without a hint")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@given(edits=EDITS)
@settings(max_examples=150, deadline=None)
def test_a_damaged_wheel_is_read_or_refused(folder: Path, edits: list[tuple[int, int]]) -> None:
    rows = [Row(name=b"zz.pth", content=b"import demo\n"), Row(name=b"demo/a.py", content=b"x = 1\n" * 50)]
    path = forged_wheel(folder, rows)
    path.write_bytes(edited(path.read_bytes(), edits))
    found = attempted(read_wheel, path)
    for member in found.members if found else ():
        assert isinstance(read(member.source, SMALL), bytes | NotAnalysed)
        assert isinstance(read_nested(member, SMALL), tuple)


@given(edits=EDITS, is_packed=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_damaged_sdist_is_read_or_refused(
    folder: Path, edits: list[tuple[int, int]], *, is_packed: bool
) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in ("demo-1.0/PKG-INFO", "demo-1.0/ü.py", "demo-1.0/" + "l" * 120):
            info = tarfile.TarInfo(name)
            info.size = 30
            archive.addfile(info, io.BytesIO(b"Name: demo\nVersion: 1.0\n" + b"x" * 6))
    path = folder / "demo-1.0.tar.gz"
    data = buffer.getvalue()
    path.write_bytes(
        edited(gzip.compress(data), edits) if is_packed else gzip.compress(edited(data, edits))
    )
    found = attempted(read_sdist, path)
    for member in found.members if found else ():
        assert isinstance(read(member.source, SMALL), bytes | NotAnalysed)


@given(st.binary(max_size=300))
def test_metadata_files_of_any_bytes(data: bytes) -> None:
    assert isinstance(metadata(data).name, str)
    assert isinstance(entry_points(b"[console_scripts]\n" + data), tuple)
    assert isinstance(record(data, 10).rows, dict)
    assert set(pythons(data.decode("latin-1"), [data.decode("latin-1")])) <= set(DEFAULT_PYTHONS)


DEFAULT_PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")


@given(
    st.text(alphabet="ab./\0\\~-" + "é", max_size=40).map(lambda text: text.replace("~", ".data/purelib/"))
)
def test_a_place_never_leaves_the_site_directory(name: str) -> None:
    for place in (pip_place(name, "demo").place, uv_place(name, "demo-1.0.data", "demo").place):
        if place is not None:
            assert not place.startswith(("/", "../../"))
            assert place.startswith("../") is place.startswith(("../site-packages", "../dist-packages"))
            assert site_place(place) is not None or place.startswith("{prefix}/")


def test_ten_thousand_levels_of_folders_in_a_name(tmp_path: Path) -> None:
    found = read_wheel(forged_wheel(tmp_path, [Row(name=b"a/" * 10_000 + b"x.py")]), DEFAULT)
    assert (found.members[0].place or "").endswith("/a/x.py")


def test_a_zip_of_nothing_but_an_end_record_is_read(tmp_path: Path) -> None:
    path = forge(tmp_path / "demo-1.0-py3-none-any.whl", [])
    assert read_wheel(path, DEFAULT).members == ()


def test_a_member_of_a_container_that_has_gone_is_not_analysed(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"a.py": ""})
    found = read_wheel(path, DEFAULT)
    path.unlink()
    outcome = read(found.members[0].source, DEFAULT)
    assert isinstance(outcome, NotAnalysed)
    assert outcome.reason is Reason.VANISHED


def test_devices_are_never_read(tmp_path: Path) -> None:
    outcome = read(FileRef("/dev", ContainerKind.FOLDER, "zero"), DEFAULT)
    assert isinstance(outcome, NotAnalysed)
    assert outcome.reason is Reason.NOT_REGULAR


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file that another user cannot read")
def test_unreadable_files_are_not_analysed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = site_dir(tmp_path / "x", {}, {"a.pth": "import os\n", "locked/b.py": ""})
    (root / "a.pth").chmod(0)
    (root / "locked").chmod(0)
    monkeypatch.chdir(
        tmp_path
    )  # the folders above belong to the superuser; a relative path needs none of them
    tmp_path.chmod(0o755)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # everything is imported; only the rights go
        try:
            os.setgid(65534)
            os.setuid(65534)
            found = read_tree(Tree(root=str(root.relative_to(tmp_path)), location="x"), DEFAULT)[-1]
            outcomes = [getattr(read(m.source, DEFAULT), "reason", None) for m in found.members]
            text = repr(([(m.path, w.reason) for m, w in found.not_analysed], outcomes))
            os.write(writer, text.encode())
        finally:
            os._exit(0)  # never back into the test runner, whatever happened
    os.close(writer)
    answer = os.read(reader, 10_000).decode()
    assert os.waitpid(child, 0)[1] == 0
    unreadable = Reason.UNREADABLE
    assert answer == repr(([("locked", unreadable)], [unreadable, unreadable]))
