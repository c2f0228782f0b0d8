"""What runs at startup and stands elsewhere: in data files, archives, libraries, other people's modules."""

from __future__ import annotations

import importlib.util
import marshal
import struct
from typing import Any

import pytest

from tests.incidents.scanned import scanned, verdicts
from tests.support.factories import Files

PAYLOAD = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'print(1)'])\n"
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)


def unchecked(source: str, magic: bytes = importlib.util.MAGIC_NUMBER, flags: int = 1) -> bytes:
    """Bytecode whose header says how it is held against the source: by a hash (1), a checked one (3)."""
    code = marshal.dumps(compile(source, "m.py", "exec"))
    return magic + struct.pack("<I", flags) + bytes(8) + code


MAGIC_311 = struct.pack("<H", 3495) + b"\r\n"

CODE = ("payload-dynamic-code", "high", "startup")
LOADER = ("payload-loader", "high", "startup")
START = ("payload-process", "critical", "startup")
UNREAD = ("analysis-not-analysed", "high", "startup")
NEAR = ("analysis-not-analysed", "medium", "startup")
HOOK = ("hook-import", "high", "startup")
CHILD = ("hook-fork", "high", "startup")
FOREIGN = ("startup-entry", "high", "startup")

LOUD: dict[str, tuple[Files, tuple[str, str, str]]] = {
    "open": (
        {"z.pth": "import os; exec(open(os.path.join(sitedir, 'd.txt')).read())\n", "d.txt": PAYLOAD},
        CODE,
    ),
    "open_code": ({"z.pth": "import io; exec(io.open_code(sitedir + '/d.txt').read())\n"}, CODE),
    "read_text": ({"z.pth": "import pathlib; exec((pathlib.Path(sitedir) / 'd.txt').read_text())\n"}, CODE),
    "get_data": (
        {"z.pth": "import pkgutil; exec(pkgutil.get_data('ll', 'd.txt'))\n", "ll/__init__.py": ""},
        CODE,
    ),
    "resources": (
        {
            "z.pth": "import importlib.resources as r; exec(r.files('ll').joinpath('d').read_text())\n",
            "ll/__init__.py": "",
        },
        CODE,
    ),
    "docstring": ({"z.pth": "import ll; exec(ll.__doc__)\n", "ll.py": f'"""{PAYLOAD}"""\n'}, CODE),
    "comment": (
        {"z.pth": "import sys; exec(next(x for x in open(fullname) if x[0] == '#')[1:])\n# x\n"},
        CODE,
    ),
    "getsource": (
        {"z.pth": "import inspect, ll; exec(inspect.getsource(ll)[3:])\n", "ll.py": "#1\n"},
        CODE,
    ),
    "in a module": (
        {
            "z.pth": "import ll\n",
            "ll.py": "import os\nexec(open(os.path.dirname(__file__) + '/d').read())\n",
        },
        CODE,
    ),
    "run_path": ({"z.pth": "import runpy; runpy.run_path(sitedir + '/d.txt')\n", "d.txt": PAYLOAD}, START),
    "spec": (
        {
            "z.pth": "import importlib.util as u; s = u.spec_from_file_location('x', sitedir + '/d.dat'); "
            "m = u.module_from_spec(s); s.loader.exec_module(m)\n",
            "d.dat": PAYLOAD,
        },
        START,
    ),
    "source loader": (
        {
            "z.pth": "import importlib.machinery as m; "
            "m.SourceFileLoader('q', sitedir + '/d').load_module()\n",
            "d": PAYLOAD,
        },
        START,
    ),
    "loader of a file of nobody": (
        {"z.pth": "import importlib.machinery as m; m.SourceFileLoader('q', '/tmp/d').load_module()\n"},
        LOADER,
    ),
    "loader of a computed path": (
        {"z.pth": "import ll\n", "ll.py": "import runpy, sys\nrunpy.run_path(max(sys.path))\n"},
        LOADER,
    ),
    "what is loaded is no Python": (
        {"z.pth": "import runpy; runpy.run_path(sitedir + '/d.bin')\n", "d.bin": b"\x00\x01("},
        UNREAD,
    ),
    "zipimport": (
        {"z.pth": "import zipimport; zipimport.zipimporter(sitedir + '/d.bin').load_module('x')\n"},
        LOADER,
    ),
    "a library of its own": (
        {
            "z.pth": "import ll\n",
            "ll.py": "import ctypes, os\nctypes.CDLL(os.path.join(os.path.dirname(__file__), 'x.so'))\n",
            "x.so": ELF,
        },
        LOADER,
    ),
    "the C library": ({"z.pth": "import ctypes; ctypes.CDLL(None).system(b'true')\n"}, START),
    "a browser": ({"z.pth": "import webbrowser; webbrowser.get('true %s').open('x')\n"}, START),
    "a native module": ({"z.pth": "import ll\n", "ll.so": ELF}, UNREAD),
    "a native module of a package": (
        {
            "z.pth": "import p\n",
            "p/__init__.py": "from p import q\n",
            "p/q.cpython-311-x86_64-linux-gnu.so": ELF,
        },
        NEAR,
    ),
    "site.main": ({"z.pth": "import site; site.PREFIXES.append(sitedir); site.main()\n"}, HOOK),
    "main": ({"z.pth": "import sys; main()\n"}, HOOK),
    "preload": ({"z.pth": "import os; os.environ['LD_PRELOAD'] = sitedir + '/d.so'\n"}, CHILD),
    "startup variable": (
        {"z.pth": "import os; os.environ.setdefault('PYTHONSTARTUP', sitedir + '/d')\n"},
        CHILD,
    ),
    "path variable": ({"z.pth": "import os; os.environ.update(PYTHONPATH=sitedir + '/d')\n"}, CHILD),
    "living off the land": ({"z.start": "http.server:test\n"}, FOREIGN),
    "unchecked bytecode": (
        {
            "z.pth": "import m\n",
            "m.py": "x = 1\n",
            "__pycache__/m.cpython-311.pyc": unchecked("x = 2", MAGIC_311),
        },
        ("archive-bytecode", "high", "startup"),
    ),
    "unchecked bytecode that nothing starts": (
        {"m.py": "x = 1\n", "__pycache__/m.cpython-311.opt-1.pyc": unchecked("x = 2", MAGIC_311)},
        ("archive-bytecode", "high", "import"),
    ),
    "bytecode beside what is no Python": (
        {"m.py": "x = (\n", "__pycache__/m.cpython-311.pyc": unchecked("x = 2", MAGIC_311)},
        ("archive-bytecode", "critical", "import"),
    ),
}

QUIET: dict[str, Files] = {
    "a library of the system": {"z.pth": "import ctypes; ctypes.CDLL('libc.so.6').getpid()\n"},
    "a loader of a quiet file of its own": {
        "z.pth": "import runpy; runpy.run_path(sitedir + '/ll/d.py')\n",
        "ll/d.py": "x = 1\n",
    },
    "a native module that nothing starts": {"z.pth": "import ll\n", "ll.py": "", "p/q.so": ELF},
    "any other variable": {"z.pth": "import os; os.environ['DEMO_COLOURS'] = '1'\n"},
    "an entry of its own": {"z.start": "ll:go\n", "ll.py": "def go(): pass\n"},
    "bytecode that is held against its source": {
        "z.pth": "import m\n",
        "m.py": "x = 1\n",
        "__pycache__/m.cpython-311.pyc": unchecked("x = 1", MAGIC_311, flags=0),
    },
    "checked hash": {
        "z.pth": "import m\n",
        "m.py": "x = 1\n",
        "__pycache__/m.cpython-311.pyc": unchecked("x = 1", MAGIC_311, flags=3),
    },
    "bytecode of a version that nobody has": {
        "z.pth": "import m\n",
        "m.py": "x = 1\n",
        "__pycache__/m.cpython-27.pyc": unchecked("x = 1", b"\x03\xf3\r\n"),
    },
}


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return scanned(tmp_path_factory.mktemp("loud"), {name: files for name, (files, _) in LOUD.items()})


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return scanned(tmp_path_factory.mktemp("quiet"), QUIET)


@pytest.mark.parametrize("name", LOUD)
def test_it_is_seen(name: str, loud: dict[str, dict[str, Any]]) -> None:
    assert LOUD[name][1] in verdicts(loud[name])


@pytest.mark.parametrize("name", QUIET)
def test_what_is_ordinary_is_no_more_than_a_startup_line(
    name: str, quiet: dict[str, dict[str, Any]]
) -> None:
    found = verdicts(quiet[name])
    assert found <= {("startup-line", "medium", "startup"), ("startup-entry", "medium", "startup")}
    assert len(found) == 1


def test_a_native_module_on_a_chain_from_startup_is_listed_with_its_reason(
    loud: dict[str, dict[str, Any]],
) -> None:
    (row,) = loud["a native module of a package"]["not_analysed"]
    assert (row["path"], row["reason"], row["trigger"]) == (
        "p/q.cpython-311-x86_64-linux-gnu.so",
        "native-module",
        "startup",
    )
