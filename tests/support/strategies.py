"""Hypothesis strategies for what a target may hold: sources, startup files, metadata, zips and tars.

They start from what is real and break it: lines of real modules are mixed and cut, real archives are edited
where their structure is. What comes out may be anything, also valid.
"""

from __future__ import annotations

import io
import random
import struct
import sysconfig
import tarfile
import zipfile
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

PIECES = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r",
    b"\f",
    b"\\\n",
    b"\t",
    b"# coding: utf-7\n",
    b"# coding: no-such-codec\n",
    b"(" * 300,
    b"x" + b".a" * 2_000,
    b"-" * 5_000,
    b"'''",
    b"f'{",
    b"lambda: " * 50,
    b"0x" + b"f" * 5_000,
    b"9" * 5_000,
    b"match x:\n case [1, *_]: pass\n",
    b"type X[T = int] = list[T]\n",
    b"except* E:\n",
    b"exec(",
    b"getattr(sys, ",
    b"__import__('sys').",
    b"sys.settrace(print)\n",
    "\u202e\u2028\ufdfa".encode(),
    b"\xed\xa0\x80",
    b"del x, y\n",
    b"global x\n",
    b"x = x + x\n",
    b"x *= 10 ** 9\n",
    b"yield\n",
    b"return\n",
    b"@x\n",
    b"class A(A, metaclass=A): x = A\n",
    b"from . import *\n",
    b"import a.b.c as sys\n",
)
"""What edits put into sources and lines: each has broken some reader of Python."""

SEPARATORS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "")
BLANKS = ("", " ", "\t", "\xa0", "\u3000", "\x1f", "\ufeff", "\u200b")
WORDS = (
    "import",
    "import ",
    "import\t",
    "from",
    "sys",
    "planted",
    "exec",
    "#",
    ";",
    "..",
    "/",
    "\0",
    "zz.pth",
    ":",
)


@cache
def modules() -> tuple[bytes, ...]:
    """Real sources of the standard library, of up to 12 kB."""
    folder = Path(sysconfig.get_path("stdlib"))
    paths = [path for path in sorted(folder.glob("*.py")) if path.stat().st_size < 12_000]
    return tuple(path.read_bytes() for path in paths)


def numbers(most: int) -> st.SearchStrategy[int]:
    """A number below ``most``."""
    return st.integers(0, most - 1)


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    """A real module with lines of another one, and lines that are doubled, left out, moved or cut."""
    lines = draw(st.sampled_from(modules())).split(b"\n")
    others = draw(st.sampled_from(modules())).split(b"\n")
    for _ in range(draw(st.integers(1, 6))):
        at, other = draw(numbers(len(lines))), draw(numbers(len(others)))
        match draw(numbers(7)):
            case 0:
                lines.insert(at, others[other])
            case 1:
                lines[at : at + 1] = []
                lines = lines or [b""]
            case 2:
                lines[at : at + 1] = lines[at : at + 1] * draw(st.sampled_from([2, 50, 500]))
            case 3:
                lines[at] = lines[at][: draw(numbers(len(lines[at]) + 1))] + draw(st.sampled_from(PIECES))
            case 4:
                lines[at] = draw(st.sampled_from(PIECES)) + lines[at]
            case 5:
                lines[at] = b" " * draw(numbers(9)) + lines[at].lstrip()
            case _:
                lines = lines[: at + 1] + others[other:]
    return b"\n".join(lines)[: draw(st.sampled_from([None, None, None, 5_000, 37]))]


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A ``.pth`` file: import lines, paths and neither, ended by whatever some Python takes for an end."""
    word = st.sampled_from(WORDS) | st.text(max_size=8)
    row = st.builds(
        "".join, st.lists(st.sampled_from(BLANKS) | word, max_size=6).map(lambda parts: parts)
    ) | st.sampled_from(
        ["import sys; sys.settrace(print)", "import planted", "import sys;" + " " * 3_000 + "x"]
    )
    text = "".join(
        a + b for a, b in draw(st.lists(st.tuples(row, st.sampled_from(SEPARATORS)), max_size=8))
    )
    return _encoded(draw, text)


@st.composite
def entries(draw: st.DrawFn) -> bytes:
    """A ``.start`` file: entry points, nearly entry points and neither."""
    name = st.sampled_from(
        ["planted", "sys", "a.b", "", ".", "..", "\u00b2x", "\uff41", "1a", "a" * 3_000, "_"]
    )
    row = st.tuples(st.sampled_from(BLANKS), name, st.sampled_from([":", "::", "", " = "]), name).map(
        "".join
    )
    text = "".join(
        a + b for a, b in draw(st.lists(st.tuples(row, st.sampled_from(SEPARATORS)), max_size=8))
    )
    return _encoded(draw, text)


def _encoded(draw: st.DrawFn, text: str) -> bytes:
    codec = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "shift_jis"]))
    data = text.encode(codec, "replace")
    return draw(edited(data)) if draw(st.booleans()) else data


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """RECORD: rows about files that are there, are not, or lie elsewhere."""
    path = st.sampled_from(
        [
            "planted.py",
            "hostile.py",
            "../../x",
            "/dev/zero",
            "",
            '"',
            "a,b",
            "a\0b",
            ".",
            "demo-1.0.dist-info/RECORD",
        ]
    )
    digest = st.sampled_from(
        ["", "sha256=", "sha256=AAAA", "md5=x", "sha256", "=", "sha512=!!", "sha256=" + "A" * 43]
    )
    size = st.sampled_from(["", "0", "-1", "9" * 30, "x", "1\n2"])
    rows = draw(st.lists(st.tuples(path, digest, size).map(",".join), max_size=12))
    data = draw(st.sampled_from(["\n", "\r\n", "\r", ""])).join(rows).encode()
    return draw(edited(data)) if draw(st.booleans()) else data


@st.composite
def metadatas(draw: st.DrawFn) -> bytes:
    """METADATA: headers, some of them twice, some without an end."""
    key = st.sampled_from(
        ["Name", "name", "Version", "Requires-Python", "Metadata-Version", "Requires-Dist", "Dynamic", ""]
    )
    value = st.sampled_from(
        [
            "demo",
            "1.0",
            ">=3.8",
            "!=3.*",
            "~=3",
            "===x",
            ">=" + "9" * 5_000,
            "2.1",
            "9" * 5_000,
            "\0",
            "a\n b",
            "x; y",
            ",",
        ]
    )
    rows = draw(
        st.lists(st.tuples(key, st.sampled_from([": ", ":", " ", ""]), value).map("".join), max_size=10)
    )
    data = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(rows).encode()
    return draw(edited(data)) if draw(st.booleans()) else data


@st.composite
def edited(draw: st.DrawFn, data: bytes, at: tuple[int, ...] = ()) -> bytes:
    """The bytes with some of them changed, left out or doubled; at these offsets if any are given."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 5))):
        if not changed:
            break
        is_aimed = draw(st.booleans())
        place = draw(st.sampled_from(at)) if at and is_aimed else draw(numbers(len(changed)))
        place = min(place + draw(numbers(6)), len(changed) - 1)
        match draw(numbers(5)):
            case 0 | 1:
                changed[place] = draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, draw(numbers(256))]))
            case 2:
                changed[place : place + 4] = struct.pack(
                    "<L", draw(st.sampled_from([0, 1, 1 << 31, 0xFFFFFFFF]))
                )
            case 3:
                changed[place : place + draw(st.integers(1, 64))] = b""
            case _:
                changed[place:place] = changed[place : place + draw(st.integers(1, 64))]
    return bytes(changed)


def zips(data: bytes) -> st.SearchStrategy[bytes]:
    """A real zip, edited at its headers, its directory and its end."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        heads = [info.header_offset for info in archive.infolist()]
        start = archive.start_dir
    central = [at for at in range(start, len(data) - 4) if data[at : at + 2] == b"PK"]
    chosen = random.Random(0).sample(heads, min(40, len(heads))) + central[:40] + central[-3:]
    fields = tuple(at + field for at in chosen for field in (0, 6, 8, 14, 18, 22, 26, 28, 42))
    return edited(data, fields)


def tars(data: bytes) -> st.SearchStrategy[bytes]:
    """A real tar, edited in the fields of its headers; not packed."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        heads = [info.offset for info in archive.getmembers()]
    fields = tuple(at + field for at in heads for field in (0, 100, 124, 130, 148, 156, 157, 257, 345))
    return edited(data, fields).map(_summed)


def _summed(data: bytes) -> bytes:
    """With right checksums where a block looks like a header: a wrong one hides all other damage."""
    changed = bytearray(data)
    for at in range(0, len(changed) - 511, 512):
        if changed[at + 257 : at + 262] == b"ustar":
            block = changed[at : at + 512]
            total = sum(block[:148]) + sum(block[156:]) + 8 * 32
            changed[at + 148 : at + 156] = b"%06o\0 " % total
    return bytes(changed)
