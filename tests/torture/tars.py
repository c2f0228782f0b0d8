"""Source distributions whose tar or gzip is hostile."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

from tests.support.factories import Content, sdist
from tests.torture.case import HOOK, PLANTED, Case, Made

TOP = "demo-1.0"
ABOUT = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
PROJECT = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
SETUP = (
    "from setuptools import setup\nsetup(name='demo', version='1.0', py_modules=['planted', 'hostile'])\n"
)


def _info(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, **fields: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(f"{TOP}/{name}")
    info.size, info.type = size, kind
    for key, value in fields.items():
        setattr(info, key, value)
    return info


def _tar(*rows: tuple[tarfile.TarInfo, bytes], format_: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    files: dict[str, str] = {"PKG-INFO": ABOUT, "setup.py": SETUP, PLANTED: HOOK}
    with tarfile.open(fileobj=buffer, mode="w", format=format_) as archive:
        for name, text in files.items():
            archive.addfile(_info(name, len(text)), io.BytesIO(text.encode()))
        for info, data in rows:
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _written(data: bytes) -> Callable[[Path, tuple[str, ...]], Made]:
    def write(folder: Path, named: tuple[str, ...]) -> Made:
        path = folder / f"{TOP}.tar.gz"
        path.write_bytes(gzip.compress(data, 1))
        return Made(path, named)

    return write


def _with(*rows: tuple[tarfile.TarInfo, bytes], named: tuple[str, ...]) -> Callable[[Path], Made]:
    return lambda folder: _written(_tar(*rows))(folder, named)


def _bomb(folder: Path) -> Made:
    """A member of a gigabyte of zeros, which takes a megabyte."""
    path = folder / f"{TOP}.tar.gz"
    head = _tar().rstrip(b"\0")
    head += bytes(-len(head) % 512)
    with gzip.open(path, "wb", 1) as stream:
        stream.write(head + _info("hostile.py", 1 << 30).tobuf())
        for _ in range(1 << 10):
            stream.write(bytes(1 << 20))
        stream.write(bytes(1024))
    return Made(path, ("hostile.py",))


def _beside(name: str, data: bytes) -> Callable[[Path], Made]:
    """An sdist that cannot be read beside one that can."""

    def make(folder: Path) -> Made:
        files: dict[str, Content] = {PLANTED: HOOK, "setup.py": SETUP}
        good, bad = sdist(folder, files), folder / name
        bad.write_bytes(data)
        return Made(good, (str(bad),), others=(bad,))

    return make


def _checksum() -> bytes:
    data = bytearray(_tar())
    data[148] ^= 1
    return gzip.compress(bytes(data))


def _negative() -> bytes:
    info = _info("x.py")
    block = bytearray(info.tobuf())
    block[124:136] = b"\xff" * 12
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:]) + 8 * 32)
    return gzip.compress(bytes(block) + bytes(1024))


def _huge_header() -> bytes:
    info = _info("x.py", kind=tarfile.XHDTYPE)
    info.size = 1 << 30
    return gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + bytes(1 << 20))


H = HOOK.encode()
N = len(H)
CASES = (
    Case("tar: a gigabyte of zeros", _bomb, is_slow=True),
    Case(
        "tar: a symlink that climbs",
        _with((_info("l.py", kind=tarfile.SYMTYPE, linkname="../../x"), b""), named=("l.py",)),
    ),
    Case(
        "tar: a symlink to itself",
        _with((_info("l.py", kind=tarfile.SYMTYPE, linkname="l.py"), b""), named=("l.py",)),
    ),
    Case(
        "tar: a hard link to nothing",
        _with((_info("h.py", kind=tarfile.LNKTYPE, linkname="no"), b""), named=("h.py",)),
    ),
    Case(
        "tar: a character device",
        _with((_info("d.py", kind=tarfile.CHRTYPE, devmajor=1, devminor=5), b""), named=("d.py",)),
    ),
    Case("tar: a block device", _with((_info("b.py", kind=tarfile.BLKTYPE), b""), named=("b.py",))),
    Case("tar: a FIFO", _with((_info("f.py", kind=tarfile.FIFOTYPE), b""), named=("f.py",))),
    Case(
        "tar: a sparse member",
        _with(
            (_info("s.py", N, pax_headers={"GNU.sparse.major": "1", "GNU.sparse.size": "9" * 18}), H),
            named=("s.py",),
        ),
    ),
    Case("tar: an unknown kind", _with((_info("u.py", N, kind=b"Z"), H), named=("u.py",))),
    Case("tar: names that climb", _with((_info("../../x.py", N), H), named=(f"{TOP}/../../x.py",))),
    Case(
        "tar: two members of one name",
        _with((_info("x.py", N), H), (_info("x.py", 0), b""), named=("x.py",)),
    ),
    Case("tar: a name of 100,000 bytes", _with((_info("a/" * 50_000 + "x.py", N), H), named=("x.py",))),
    Case(
        "tar: a setup without end",
        _with((_info("setup.py", 6 * 50_000), b"x = (\n" * 50_000), named=("setup.py",)),
    ),
    Case(
        "tar: a member that ends early",
        _beside("cut-1.0.tar.gz", gzip.compress(_tar((_info("x.py", 9_000), b"x" * 9_000))[:6_000])),
    ),
    Case("tar: a wrong checksum", _beside("sum-1.0.tar.gz", _checksum())),
    Case("tar: a negative size", _beside("neg-1.0.tar.gz", _negative())),
    Case("tar: a header of a gigabyte", _beside("head-1.0.tar.gz", _huge_header())),
    Case("tar: a gzip that ends early", _beside("gz-1.0.tar.gz", gzip.compress(_tar())[:-200])),
    Case("tar: no gzip", _beside("no-1.0.tar.gz", b"\x1f\x8b" + bytes(1000))),
)
