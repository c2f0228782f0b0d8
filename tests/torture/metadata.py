"""RECORD, METADATA, WHEEL and entry points as nobody should write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support.factories import Content, record_of
from tests.torture.case import HOOK, PLANTED, Case, Made, packed, site

INFO = "demo-1.0.dist-info"
HEAD = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
LISTED = {PLANTED: HOOK.encode(), "hostile.py": HOOK.encode()}
OF_THE_WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"


def _rows(extra: str) -> str:
    return record_of(LISTED, f"{INFO}/RECORD").decode() + extra


FILES: dict[str, tuple[str, Content]] = {
    "RECORD: rows that climb": (
        "RECORD",
        _rows("../../../../etc/passwd,sha256=AAAA,1\n/dev/zero,sha256=AA,1\n"),
    ),
    "RECORD: unknown hashes": ("RECORD", "hostile.py,sha1024=AAAA,1\nplanted.py,crc=,\n"),
    "RECORD: wrong hashes": ("RECORD", "hostile.py,sha256=AAAA,1\nplanted.py,sha256=!!!,-1\n"),
    "RECORD: quotes that do not end": ("RECORD", '"hostile.py' + "\n" * 10_000 + 'planted.py,"'),
    "RECORD: a field of megabytes": ("RECORD", '"' + "a" * (3 << 20) + '",,\n'),
    "RECORD: a hundred thousand rows": ("RECORD", _rows("".join(f"x{n}.py,,\n" for n in range(100_000)))),
    "RECORD: a row a thousand times": ("RECORD", _rows("hostile.py,sha256=AAAA,1\n" * 1_000)),
    "RECORD: NULs and surrogates": ("RECORD", b"host\0ile.py,,\n\xff\xfe.py,sha256=,\n"),
    "RECORD: nothing": ("RECORD", ""),
    "METADATA: of megabytes": ("METADATA", HEAD + "Classifier: x\n" * 500_000),
    "METADATA: an endless version of Python": (
        "METADATA",
        HEAD + f"Requires-Python: >=3.{'1' * 100_000}\n",
    ),
    "METADATA: an endless version": (
        "METADATA",
        f"Metadata-Version: 2.{'9' * 100_000}\nName: demo\nVersion: 1.{'1' * 100_000}\n",
    ),
    "METADATA: ten thousand specifiers": (
        "METADATA",
        HEAD + "Requires-Python: " + ",".join([">=3.8"] * 10_000) + "\n",
    ),
    "METADATA: another name": ("METADATA", "Metadata-Version: 2.1\nName: other\nVersion: 9\n"),
    "METADATA: a name of a megabyte": (
        "METADATA",
        f"Metadata-Version: 2.1\nName: {'a' * 1_000_000}\nVersion: 1.0\n",
    ),
    "METADATA: no text": ("METADATA", b"\xff\xfe\0\0" * 1_000),
    "METADATA: headers twice": ("METADATA", HEAD + HEAD.replace("demo", "other")),
    "METADATA: a line that goes on": ("METADATA", HEAD + "Summary: x\n" + " y\n" * 100_000),
    "WHEEL: a hundred thousand tags": ("WHEEL", OF_THE_WHEEL + "Tag: py3-none-any\n" * 100_000),
    "WHEEL: tags that multiply": (
        "WHEEL",
        OF_THE_WHEEL + "Tag: " + "-".join([".".join(["py3"] * 200)] * 3) + "\n",
    ),
    "WHEEL: an endless tag": ("WHEEL", OF_THE_WHEEL + f"Tag: cp3{'1' * 100_000}-abi3-any\n"),
    "WHEEL: no text": ("WHEEL", b"\xff" * 1_000),
    "entry points: a hundred thousand": (
        "entry_points.txt",
        "[pytest11]\n" + "".join(f"e{n} = hostile:x{n}\n" for n in range(100_000)),
    ),
    "entry points: odd names": (
        "entry_points.txt",
        "[pytest11]\n = :\nx = ..:.\ny = hostile:" + "a." * 50_000 + "b\n[\n]\n",
    ),
    "entry points: sections without end": (
        "entry_points.txt",
        "[" * 100_000 + "\n[pytest11]\nx = hostile\n",
    ),
    "top level: a hundred thousand": (
        "top_level.txt",
        "".join(f"t{n}\n" for n in range(100_000)) + "../..\n/\n",
    ),
    "direct URL: deep": ("direct_url.json", '{"a":' * 100_000),
}


def _wheel(name: str, data: Content) -> Callable[[Path], Made]:
    files: dict[str, Content] = {"hostile.py": HOOK, f"{INFO}/{name}": data}
    return lambda folder: packed(folder, files, "hostile.py")


def _installed(name: str, data: Content) -> Callable[[Path], Made]:
    files: dict[str, Content] = {"hostile.py": HOOK, f"{INFO}/{name}": data}
    return lambda folder: site(folder, files, "hostile.py")


SLOW = {"entry points: a hundred thousand", "METADATA: of megabytes", "RECORD: a hundred thousand rows"}
CASES = (
    *(Case(name, _wheel(*row), is_slow=name in SLOW) for name, row in FILES.items()),
    *(Case(f"installed {name}", _installed(*row), is_slow=name in SLOW) for name, row in FILES.items()),
)
