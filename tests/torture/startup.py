"""Startup files that are too large, undecodable, circular or no files at all."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.support.factories import Content
from tests.torture.case import HOOK, Case, Made, packed, site

RUN = "import sys; sys.settrace(print)\n"

FILES: dict[str, dict[str, Content]] = {
    "30,000 lines": {"zz.pth": "x\n" * 30_000 + RUN},
    "17 megabytes": {"zz.pth": "#" + "a" * (17 << 20) + "\n" + RUN},
    "a megabyte of padding": {"zz.pth": "import sys;" + " " * 1_000_000 + "sys.settrace(print)\n"},
    "a NUL in a line": {"zz.pth": "import sys; x = '\0'\nimport sys; sys.settrace(print)\n"},
    "bytes of no encoding": {"zz.pth": b"\x81\x8d\xff\n" + RUN.encode()},
    "a mark before the line": {"zz.pth": b"\xef\xbb\xbf" + RUN.encode()},
    "a line behind U+2028": {"zz.pth": "# \u2028" + RUN},
    "carriage returns in lines": {"zz.pth": "# \r" + RUN},
    "a tab": {"zz.pth": RUN.replace("import ", "import\t")},
    "white space in front": {"zz.pth": "\u3000" + RUN},
    "a hidden name": {".zz.pth": RUN},
    "a path line to everything": {"zz.pth": "/\n/proc\n/dev\n/sys\n..\n../..\n.\nzz.pth\n" + RUN},
    "a thousand path lines that climb": {
        "zz.pth": "".join("../" * n + "x\n" for n in range(1_000)) + "a" * 5_000 + "\n" + RUN
    },
    "a start file of 30,000 lines": {"zz.start": "a:b\n" * 30_000 + "planted:x\n"},
    "a start file of odd names": {
        "zz.start": "\u00b2x:y\n.:.\na..b:c\n" + "a." * 3_000 + "b:c\nplanted:x\n"
    },
    "an undecodable start file, which silences nothing": {"zz.pth": RUN, "zz.start": b"\xff\xfe\n"},
    "a start file that silences": {"zz.pth": RUN, "zz.start": "# nothing\n"},
    "a customize module without end": {"sitecustomize.py": "x = (\n" * 50_000 + HOOK},
    "a customize module with a NUL": {"sitecustomize.py": "x\0\n" + HOOK},
    "every form of a customize module": {
        "sitecustomize/__init__.py": HOOK,
        "sitecustomize.so": b"\x7fELF",
        "sitecustomize.pyc": b"\xa7\r\r\n",
        "usercustomize.abi3.so": b"\x7fELF",
    },
    "bytecode of nothing": {"sitecustomize.pyc": b"\xa7\r\r\n\x01\0\0\0" + bytes(8) + b"\xe3" * 1_000},
    "a startup line of 30,000 calls": {
        "zz.pth": "import sys; " + "print();" * 30_000 + "sys.settrace(print)\n"
    },
}


INERT = {
    "every form of a customize module": ("sitecustomize.so", "sitecustomize.pyc"),
    "an undecodable start file, which silences nothing": ("zz.start",),
}
"""What no Python runs: a package of the same name comes first, the bytes are no UTF-8."""


SLOW = {
    "17 megabytes",
    "a start file of 30,000 lines",
    "a customize module without end",
    "a startup line of 30,000 calls",
}


def _loose(name: str, files: dict[str, Content]) -> Callable[[Path], Made]:
    named = [path for path in files if path not in INERT.get(name, ())]
    return lambda folder: site(folder, {}, *named, loose=files)


def _zipped(folder: Path) -> Made:
    """A path line leads to a zip without a suffix that holds a customize module."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("sitecustomize.py", HOOK)
    return packed(folder, {"zz.pth": "data\n", "data": buffer.getvalue()}, "zz.pth", "sitecustomize.py")


def _is_a_folder(folder: Path) -> Made:
    made = site(folder, {}, "a.pth", loose={"a.pth": RUN})
    (made.target / "zz.pth").mkdir()
    (made.target / "zz.pth" / "sitecustomize.py").write_text(HOOK)
    return made


def _linked(to: str, name: str = "zz.pth") -> Callable[[Path], Made]:
    def make(folder: Path) -> Made:
        made = site(folder, {}, name)
        (made.target / name).symlink_to(to)
        return made

    return make


def _pipe(name: str) -> Callable[[Path], Made]:
    def make(folder: Path) -> Made:
        made = site(folder, {}, name)
        os.mkfifo(made.target / name)
        return made

    return make


CASES = (
    *(Case(f"startup: {name}", _loose(name, files), is_slow=name in SLOW) for name, files in FILES.items()),
    Case("startup: a zip on a path line", _zipped),
    Case("startup: a folder named like a file", _is_a_folder),
    Case("startup: a link to itself", _linked("zz.pth")),
    Case("startup: a link to /dev/zero", _linked("/dev/zero")),
    Case("startup: a link to /dev/random as a module", _linked("/dev/random", "sitecustomize.py")),
    Case("startup: a link to a process's memory", _linked("/proc/self/mem")),
    Case("startup: a link to nothing", _linked("nowhere/at/all")),
    Case("startup: a FIFO", _pipe("zz.pth")),
    Case("startup: a FIFO as a start file", _pipe("zz.start")),
    Case("startup: a FIFO as a customize module", _pipe("sitecustomize.py")),
)
