"""Wheels: members, places, RECORD, and what is refused."""

import os
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.support.factories import wheel
from wheelwatch.archive import Issue, read, read_wheel
from wheelwatch.errors import TargetError
from wheelwatch.limits import DEFAULT, MIB, Limits
from wheelwatch.model import Distribution, NotAnalysed, PackageKind, Reason


def places(found: Distribution) -> list[str | None]:
    return [m.place for m in found.members if ".dist-info/" not in m.stored]


def issues(found: Distribution) -> list[tuple[str, str]]:
    return [(i.issue, i.path) for i in found.issues]


def test_a_plain_wheel_is_read_whole_and_has_no_issue(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"zz.pth": "import demo\n", "demo/__init__.py": "x = 1\n"})
    found = read_wheel(path, DEFAULT)
    assert (found.name, found.version, found.kind) == ("demo", "1.0", PackageKind.WHEEL)
    assert places(found) == ["zz.pth", "demo/__init__.py"]
    assert issues(found) == []
    assert read(found.members[0].source, DEFAULT) == b"import demo\n"
    assert found.sha256 is not None
    assert len(found.sha256) == 64


def test_requires_python_and_tags_say_which_pythons_count(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"a.py": ""}, metadata="Requires-Python: >=3.12.4,<3.14\n")
    assert read_wheel(path, DEFAULT).pythons == ("3.12", "3.13")
    for tag, pythons in {
        "cp311-cp311-linux_x86_64": ("3.11",),
        "cp313-abi3-linux_x86_64": ("3.13", "3.14", "3.15"),
        "py314-none-any": ("3.14", "3.15"),
        "py2.py3-none-any": read_wheel(wheel(tmp_path / "p", {}), DEFAULT).pythons,
    }.items():
        path = wheel(tmp_path, {"a.py": ""}, filename=f"demo-1.0-{tag}.whl")
        assert read_wheel(path, DEFAULT).pythons == pythons, tag


@pytest.mark.parametrize("content", [b"", b"this is no zip", b"PK\x03\x04" + bytes(50)])
def test_what_is_no_zip_is_an_error_with_a_hint(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    path.write_bytes(content)
    with pytest.raises(TargetError) as caught:
        read_wheel(path, DEFAULT)
    assert caught.value.where == str(path)
    assert caught.value.hint


def test_a_missing_path_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="No such file") as caught:
        read_wheel(tmp_path / "absent.whl", DEFAULT)
    assert "spelling" in caught.value.hint


def test_a_cut_archive_is_an_error(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"a.py": "x = 1\n" * 1000})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(TargetError, match="cut off"):
        read_wheel(path, DEFAULT)


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    os.mkfifo(path)
    with pytest.raises(TargetError, match="no regular file"):
        read_wheel(path, DEFAULT)


def test_an_encrypted_member_is_not_analysed_and_named(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"zz.pth": "import os\n"})
    data = bytearray(path.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    path.write_bytes(data)
    found = read_wheel(path, DEFAULT)
    member, why = found.not_analysed[0]
    assert (member.place, why.reason) == ("zz.pth", Reason.ENCRYPTED)
    assert (Issue.ENCRYPTED, "zz.pth") in issues(found)
    outcome = read(member.source, DEFAULT)
    assert isinstance(outcome, NotAnalysed)


def test_a_damaged_member_is_corrupt_and_hides_no_other(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"a.py": "x = 1\n" * 1000, "b.py": "y = 2\n"})
    data = bytearray(path.read_bytes())
    data[data.index(b"a.py") + 10] ^= 0xFF
    path.write_bytes(data)
    found = read_wheel(path, DEFAULT)
    outcome = read(found.members[0].source, DEFAULT)
    assert isinstance(outcome, NotAnalysed)
    assert outcome.reason is Reason.CORRUPT
    assert read(found.members[1].source, DEFAULT) == b"y = 2\n"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_method_of_zipfile_is_inflated(tmp_path: Path, method: int) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    content = bytes(range(256)) * 9000
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.bin", content)
        archive.writestr("empty.py", b"")
    found = read_wheel(path, DEFAULT)
    assert [read(m.source, DEFAULT) for m in found.members] == [content, b""]


def test_an_unknown_method_is_not_analysed(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"a.py": "x = 1\n"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 8] = 93
    data[data.index(b"PK\x01\x02") + 10] = 93
    path.write_bytes(data)
    outcome = read(read_wheel(path, DEFAULT).members[0].source, DEFAULT)
    assert isinstance(outcome, NotAnalysed)
    assert (outcome.reason, "zstandard" in outcome.detail) == (Reason.UNSUPPORTED, True)


def test_a_gigabyte_of_zeros_is_bounded_and_named(tmp_path: Path) -> None:
    limits = Limits(member_bytes=8 * MIB)
    path = wheel(tmp_path, {"demo/big.py": bytes(64 * MIB), "demo/a.py": "x = 1\n"})
    found = read_wheel(path, limits)
    assert (Issue.BOMB, "demo/big.py") in issues(found)
    assert [(m.place, w.reason) for m, w in found.not_analysed] == [("demo/big.py", Reason.TOO_LARGE)]
    assert read(found.members[1].source, limits) == b"x = 1\n"


def test_a_member_that_inflates_to_more_than_it_declares_gives_what_zipfile_would_give(
    tmp_path: Path,
) -> None:
    path = wheel(tmp_path, {"a.py": "print(1)\nprint(2)\n"}, record=False)
    data = bytearray(path.read_bytes())
    for magic, size_at, crc_at in ((b"PK\x03\x04", 22, 14), (b"PK\x01\x02", 24, 16)):
        at = data.index(magic)
        data[at + size_at] = 9
        data[at + crc_at : at + crc_at + 4] = zlib.crc32(b"print(1)\n").to_bytes(4, "little")
    path.write_bytes(data)
    assert read(read_wheel(path, DEFAULT).members[0].source, DEFAULT) == b"print(1)\n"


def test_more_members_than_the_limit_are_cut_and_named(tmp_path: Path) -> None:
    path = wheel(tmp_path, {f"m{n}.py": "" for n in range(20)})
    found = read_wheel(path, Limits(members=5))
    assert len(found.members) == 5
    assert Issue.TRUNCATED in {i.issue for i in found.issues}


def test_names_with_controls_and_surrogates_survive(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"a\x1b[31m.py": "x = 1\n", "b\u202e.py": "y = 2\n", "cXX.py": "z = 3\n"})
    path.write_bytes(path.read_bytes().replace(b"cXX.py", b"c\xff\xfe.py"))
    found = read_wheel(path, DEFAULT)
    names = places(found)
    assert names[:2] == ["a\x1b[31m.py", "b\u202e.py"]
    assert read(found.members[2].source, DEFAULT) == b"z = 3\n"
    assert {"a\x1b[31m.py", "b\u202e.py"} <= {p for i, p in issues(found) if i == Issue.BAD_NAME}


def test_record_is_compared_with_content(tmp_path: Path) -> None:
    record = "good.py,sha256=AAAA,6\ngone.py,sha256=AAAA,6\nweak.py,md5=AAAA,6\n"
    files = {"good.py": "x = 1\n", "unlisted.pth": "import os\n", "weak.py": ""}
    path = wheel(tmp_path, {**files, "demo-1.0.dist-info/RECORD": record})
    found = {i for i in issues(read_wheel(path, DEFAULT)) if ".dist-info" not in i[1]}
    assert found == {
        (Issue.RECORD_HASH, "good.py"),
        (Issue.RECORD_MISSING, "gone.py"),
        (Issue.RECORD_UNLISTED, "unlisted.pth"),
        (Issue.RECORD_INVALID, "weak.py"),
    }


def test_without_a_record_there_is_one_issue(tmp_path: Path) -> None:
    found = read_wheel(wheel(tmp_path, {"a.py": ""}, record=False), DEFAULT)
    assert [i.issue for i in found.issues] == [Issue.RECORD_ABSENT]


def test_zip64_and_streamed_entries_are_read(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    with path.open("wb") as raw, zipfile.ZipFile(Unseekable(raw), "w") as archive:
        with archive.open("a.py", "w", force_zip64=True) as member:
            member.write(b"x = 1\n")
        archive.writestr("b.py", "y = 2\n")
    found = read_wheel(path, DEFAULT)
    assert [read(m.source, DEFAULT) for m in found.members] == [b"x = 1\n", b"y = 2\n"]
    assert {i.issue for i in found.issues} == {Issue.METADATA_ABSENT, Issue.RECORD_ABSENT}


class Unseekable:
    """A pipe, as far as ``zipfile`` can tell: it writes data descriptors."""

    def __init__(self, raw: BinaryIO) -> None:
        self.raw = raw

    def write(self, data: bytes, /) -> int:
        return self.raw.write(data)

    def flush(self) -> None:
        self.raw.flush()

    def close(self) -> None:
        self.raw.close()


def test_seventy_thousand_members_are_read(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(70_000):
            archive.writestr(zipfile.ZipInfo(f"m{number}.py"), b"")
    assert len(read_wheel(path, DEFAULT).members) == 70_000
