"""Wheels that are bombs, lie about themselves, hold archives in archives, or are damaged."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.archive.forge import Row, forged_wheel, unicode_path
from tests.support.factories import EPOCH, Content, wheel
from tests.torture.case import HOOK, PLANTED, Case, Made, packed

SAFE = Row(name=PLANTED.encode(), content=HOOK.encode())
HOSTILE = HOOK.encode()


def _forged(
    *rows: Row, named: Sequence[str], front: bytes = b"", back: bytes = b""
) -> Callable[[Path], Made]:
    def make(folder: Path) -> Made:
        return Made(forged_wheel(folder, [SAFE, *rows], front=front, back=back), tuple(named))

    return make


def _zeros(name: str, size: int, method: int = zipfile.ZIP_DEFLATED) -> Callable[[Path], Made]:
    """A member that inflates to far more than it takes."""

    def make(folder: Path) -> Made:
        path = wheel(folder, {PLANTED: HOOK}, record=False)
        with zipfile.ZipFile(path, "a", method, compresslevel=1) as archive:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=True) as member:
                for _ in range(size // (1 << 20)):
                    member.write(bytes(1 << 20))
        return Made(path, (name,))

    return make


def _shared(folder: Path) -> Made:
    """A thousand rows of the directory that share one member: what is small to read is large to judge."""
    path = wheel(folder, {PLANTED: HOOK, "one.py": b"x = 1\n" * 1_000 + HOSTILE}, record=False)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        start, one = archive.start_dir, archive.getinfo("one.py")
    end = data.rindex(b"PK\x05\x06")
    at = data.index(b"one.py", start) - 46
    row = data[at : at + 46]
    rows = [row[:28] + struct.pack("<H", 8) + row[30:] + b"m%04d.py" % n for n in range(1_000)]
    central = data[start:end] + b"".join(rows)
    count = 1_000 + len(zipfile.ZipFile(path).namelist())
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(central), start, 0)
    path.write_bytes(data[:start] + central + tail)
    return Made(path, ("m0000.py", "m0999.py", one.filename))


def _patched(change: Callable[[bytearray, int, int], None], *named: str) -> Callable[[Path], Made]:
    """A valid wheel with one member, whose two headers are changed afterwards."""

    def make(folder: Path) -> Made:
        path = wheel(folder, {PLANTED: HOOK, "hostile.py": HOOK * 200}, record=False)
        data = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as archive:
            local, start = archive.getinfo("hostile.py").header_offset, archive.start_dir
        change(data, local, data.index(b"hostile.py", start) - 46)
        path.write_bytes(bytes(data))
        return Made(path, named or ("hostile.py",))

    return make


def _method(data: bytearray, local: int, central: int) -> None:
    data[local + 8] = data[central + 10] = 97


def _encrypt(data: bytearray, local: int, central: int) -> None:
    data[local + 6] |= 1
    data[central + 8] |= 1


def _checksum(data: bytearray, local: int, central: int) -> None:
    for at in (local + 14, central + 16):
        data[at] ^= 0xFF


def _small(data: bytearray, local: int, central: int) -> None:
    """It declares ten bytes, and a comment is all that is left of it."""
    for at in (local + 22, central + 24):
        data[at : at + 4] = struct.pack("<L", 10)


def _large(data: bytearray, local: int, central: int) -> None:
    for at in (local + 22, central + 24):
        data[at : at + 4] = struct.pack("<L", 0x7FFFFFFF)


def _offset(data: bytearray, local: int, central: int) -> None:
    data[central + 42 : central + 46] = struct.pack("<L", 0x7FFFFFF0)


def _damage(data: bytearray, local: int, central: int) -> None:
    data[local + 45 : local + 60] = b"\xff" * 15


def _in_archives(depth: int) -> Callable[[Path], Made]:
    """A zip in a zip in a zip, the outermost of which stands on a path line."""

    def make(folder: Path) -> Made:
        inner: bytes = HOSTILE
        for _ in range(depth):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as archive:
                archive.writestr("sitecustomize.py", HOOK)
                archive.writestr("inner.egg", inner)
            inner = buffer.getvalue()
        files: dict[str, Content] = {"zz.pth": "inner.egg\ninner.egg/inner.egg\n", "inner.egg": inner}
        return packed(folder, files, "zz.pth", "sitecustomize.py")

    return make


def _bomb_on_path(folder: Path) -> Made:
    """A zip on a path line whose customize module inflates to a gigabyte."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("sitecustomize.py", "w", force_zip64=True) as member,
    ):
        for _ in range(1 << 10):
            member.write(bytes(1 << 20))
    return packed(folder, {"zz.pth": "data\n", "data": buffer.getvalue()}, "sitecustomize.py")


def _itself(folder: Path) -> Made:
    """A wheel whose member is as good as the wheel itself: a link by name, and a copy of its bytes."""
    first = wheel(folder, {PLANTED: HOOK, "zz.pth": "demo.whl\n"}).read_bytes()
    return packed(folder, {"zz.pth": "demo.whl\n", "demo.whl": first}, "zz.pth")


def _many(folder: Path) -> Made:
    """Seventy thousand members, more than the plain end record can count."""
    path = wheel(folder, {PLANTED: HOOK, "hostile.py": HOOK}, record=False)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        for number in range(70_000):
            archive.writestr(f"d/{number}.txt", b"")
    return Made(path, ("hostile.py",))


def _truncated(folder: Path) -> Made:
    """Half a wheel beside a whole one."""
    whole = wheel(folder, {PLANTED: HOOK})
    half = folder / "half-1.0-py3-none-any.whl"
    half.write_bytes(whole.read_bytes()[:200])
    return Made(whole, (str(half),), others=(half,))


def _no_archive(folder: Path, name: str, data: bytes, named: str | None = None) -> Made:
    other = folder / name
    made = packed(folder, {})
    other.write_bytes(data)
    return Made(made.target, (str(other) if named is None else named,), others=(other,))


END = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 0, 0, 0)
COMMENT = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 99, 9, 30) + b"PK\x05\x06" + b"x" * 26
EXTRA = struct.pack("<HH", 1, 0xFFFF) + b"\x75\x70\x09\x00" + b"\x01"


def row(name: bytes, **fields: object) -> Row:
    return Row(name=name, content=HOSTILE, **fields)  # type: ignore[arg-type]  # fields of Row


CASES = (
    Case("zip: a gigabyte of zeros", _zeros("hostile.py", 1 << 30), is_slow=True),
    Case("zip: a gigabyte as a startup file", _zeros("zz.pth", 1 << 30)),
    Case(
        "zip: a gigabyte as METADATA's neighbour",
        _zeros("demo-1.0.dist-info/entry_points.txt", 1 << 30),
        is_slow=True,
    ),
    Case("zip: 200 megabytes of source", _zeros("hostile.py", 200 << 20), is_slow=True),
    Case("zip: a bomb of bzip2", _zeros("hostile.py", 1 << 28, zipfile.ZIP_BZIP2), is_slow=True),
    Case("zip: a bomb of LZMA", _zeros("hostile.py", 1 << 28, zipfile.ZIP_LZMA), is_slow=True),
    Case("zip: a bomb on a path line", _bomb_on_path, is_slow=True),
    Case("zip: a thousand rows share one member", _shared, is_slow=True),
    Case("zip: fifty archives in archives", _in_archives(50)),
    Case("zip: an archive in itself", _itself),
    Case("zip: 70,000 members", _many, is_slow=True),
    Case("zip: an unknown compression", _patched(_method)),
    Case("zip: an encrypted member", _patched(_encrypt)),
    Case("zip: a wrong checksum", _patched(_checksum)),
    Case("zip: declares too little", _patched(_small)),
    Case("zip: declares two gigabytes", _patched(_large)),
    Case("zip: a member beyond the end", _patched(_offset)),
    Case("zip: a member that cannot be inflated", _patched(_damage)),
    Case(
        "zip: another name in the local header",
        _forged(row(b"good.txt", local=b"zz.pth"), named=["good.txt"]),
    ),
    Case(
        "zip: a member that is not listed",
        _forged(row(b"zz.pth", listed=False), named=["demo-1.0.dist-info/METADATA"]),
    ),
    Case("zip: two members of one name", _forged(row(b"z.py"), Row(name=b"z.py"), named=["z.py"])),
    Case("zip: a name with a NUL", _forged(row(b"evil.pth\0.txt"), named=["evil.pth"])),
    Case("zip: a name that climbs", _forged(row(b"../../x.py"), named=["{source}/../../x.py"])),
    Case("zip: a name that climbs back", _forged(row(b"w/../zz.pth"), named=["zz.pth"])),
    Case("zip: an absolute name", _forged(row(b"/etc/x.py"), named=["{source}//etc/x.py"])),
    Case(
        "zip: a name that only some Pythons see",
        _forged(row(b"good.txt", extra=unicode_path(b"good.txt", b"evil.pth")), named=["evil.pth"]),
    ),
    Case("zip: a name of 65,000 bytes", _forged(row(b"a" * 65_000 + b".py"), named=["a" * 65_000 + ".py"])),
    Case(
        "zip: 10,000 folders deep", _forged(row(b"a/" * 10_000 + b"x.py"), named=["a/" * 10_000 + "x.py"])
    ),
    Case("zip: extra fields that lie", _forged(row(b"hostile.py", extra=EXTRA), named=["hostile.py"])),
    Case("zip: a symlink", _forged(row(b"zz.pth", mode=0o120777), named=["zz.pth"])),
    Case("zip: a foreign data folder", _forged(row(b"zzz.data/purelib/zz.pth"), named=["zz.pth"])),
    Case("zip: a program in front", _forged(row(b"z.py"), named=["z.py", ""], front=b"#!/bin/sh\n" * 99)),
    Case("zip: bytes behind", _forged(row(b"z.py"), named=["z.py", ""], back=b"more" * 99)),
    Case("zip: half a wheel", _truncated),
    Case("zip: nothing but an end", lambda folder: _no_archive(folder, "e-1.0-py3-none-any.whl", END, "")),
    Case(
        "zip: an end in the comment", lambda folder: _no_archive(folder, "c-1.0-py3-none-any.whl", COMMENT)
    ),
    Case(
        "zip: no zip",
        lambda folder: _no_archive(folder, "n-1.0-py3-none-any.whl", zlib.compress(b"x" * 999)),
    ),
)
