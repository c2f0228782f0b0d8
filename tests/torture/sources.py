"""Python sources that break parsers, walkers, folders of constants and followers of names."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.factories import Content
from tests.torture.case import HOOK, Case, Made, packed, site, source

CALL = "import sys\nsys.settrace(print)\n"


def behind(text: str) -> Callable[[], Content]:
    """Hostile text, and behind it a hook of its own."""
    return lambda: text + "\n" + CALL


def blob(size: int) -> str:
    """Base64 of zlib of so many zeros, packed twice as they pack so well."""
    return base64.b64encode(zlib.compress(zlib.compress(bytes(size), 9), 9)).decode()


def nested(opening: str, closing: str, depth: int, middle: str = "0") -> str:
    return opening * depth + middle + closing * depth


def _layers() -> str:
    """Layers of hex, each of which doubles what is inside, up to a megabyte."""
    text = CALL
    for _ in range(40):
        if len(text) > 1_000_000:
            break
        text = f"exec(bytes.fromhex('{text.encode().hex()}'))\n"
    return text


SYNTAX: dict[str, Callable[[], Content]] = {
    "200,000 chained attributes": behind("x = a" + ".b" * 200_000),
    "a sum of 700 terms": behind("x = " + " + ".join(["1"] * 700)),
    "a sum of 100,000 terms": behind("x = " + " + ".join(["y"] * 100_000)),
    "100,000 minus signs": behind("x = " + "-" * 100_000 + "1"),
    "5,000 brackets": behind("x = " + nested("(", ")", 5_000)),
    "90 brackets of each kind": behind("x = " + nested("([{0: ", "}])", 30)),
    "99 nested blocks": behind("".join("    " * n + "if x:\n" for n in range(99)) + "    " * 99 + "pass"),
    "25 nested loops": behind("".join(" " * n + "for x in y:\n" for n in range(25)) + " " * 25 + "pass"),
    "nested lambdas": behind("x = " + "lambda: " * 3_000 + "0"),
    "nested conditionals": behind("x = " + "1 if a else " * 5_000 + "0"),
    "20,000 boolean operands": behind("x = " + " and ".join(["a"] * 20_000)),
    "20,000 comparisons": behind("x = " + " < ".join(["a"] * 20_000)),
    "1,000 nested calls of getattr": behind("x = " + nested("getattr(", ", 'a')", 1_000, "sys")),
    "1,000 chained calls": behind("x = a" + ".b()" * 1_000),
    "nested comprehensions": behind("x = " + nested("[y for y in ", "]", 100, "z")),
    "nested subscripts": behind("x = " + nested("a[", "]", 150)),
    "a pattern of many alternatives": behind("match x:\n    case " + " | ".join(["1"] * 20_000) + ": pass"),
    "a nested f-string": behind('x = f"' + "{1:" * 30 + "}" * 30 + '"'),
    "100,000 adjacent strings": behind("x = (" + "'a' " * 100_000 + ")"),
    "100,000 hexadecimal digits": behind("x = 0x" + "f" * 100_000),
    "a million decimal digits": behind("x = " + "9" * 1_000_000),
    "an exponent beyond all": behind("x = 1e999999999, 0j"),
    "an indented end": behind("def f():\n\tif x:\n        pass"),
    "100,000 continuation lines": behind("x = 1" + " + \\\n 1" * 500 + "\n" + "\\\n" * 100_000),
    "unfinished": lambda: CALL + "x = '''" + "a\n" * 1_000,
    "Python 2": lambda: CALL + "print 'x'\nexec 'y' in z\n",
    "dots and brackets at random": lambda: CALL + ".([{" * 4_000,
}

BYTES: dict[str, Callable[[], Content]] = {
    "a NUL": lambda: CALL + "x = 1\0\n",
    "carriage returns only": lambda: CALL.replace("\n", "\r") * 50,
    "form feeds": lambda: "\f" * 10_000 + CALL,
    "an unknown encoding": lambda: "# coding: no-such-codec\n" + CALL,
    "an encoding that is no text": lambda: "# coding: hex\n" + CALL,
    "two cookies": lambda: "# coding: latin-1\n# coding: utf-7\n" + CALL,
    "a mark and another cookie": lambda: b"\xef\xbb\xbf# coding: latin-1\n" + CALL.encode(),
    "UTF-16": lambda: CALL.encode("utf-16"),
    "bytes that are no UTF-8": lambda: CALL.encode() + b"x = '\xff\xfe'\n",
    "a hook in UTF-7": lambda: b"# coding: utf-7\n#+AAo-import sys+AAo-sys.settrace(print)\n",
    "a hook in escapes": lambda: (
        b"# coding: raw_unicode_escape\n#\\u000aimport sys\\u000asys.settrace(print)\n"
    ),
    "a cookie of a megabyte": lambda: "#" + "coding: " * 100_000 + "\n" + CALL,
    "spaces before a colon": lambda: "# coding" + " " * 1_000_000 + "\n" + CALL,
    "full-width letters": lambda: "import sys\nsys.\uff53\uff45\uff54trace(print)\n",
    "an identifier that unfolds": lambda: CALL + "\ufdfa" * 20_000 + " = 1\n",
    "an identifier of a megabyte": lambda: CALL + "a" * 1_000_000 + " = 1\n",
    "bidirectional controls": lambda: CALL + "x = '\u202e' # \u2066 settrace \u2069\n",
    "lone surrogates": lambda: CALL + "getattr(sys, '\\udc80set' + 'trace')\n" + "x = '\\ud800' * 100\n",
    "a million lines": lambda: "x = 1\n" * 1_000_000 + CALL,
    "a line of ten megabytes": lambda: "x = '" + "a" * 10_000_000 + "'\n" + CALL,
    "a megabyte of spaces": lambda: "import sys;" + " " * 1_000_000 + "sys.settrace(print)\n",
    "more than is parsed": lambda: CALL + ("#" * 1023 + "\n") * (33 * 1024),
}

FOLDING: dict[str, Callable[[], Content]] = {
    "doubling": behind("x = 'a'\n" + "x = x + x\n" * 60),
    "doubling in one expression": behind("x = " + nested("(", ")*99", 40, "'abcdefgh'")),
    "a long repetition": behind("x = 'x' * 10 ** 12\ny = bytes(10 ** 12)\nz = b'a' * (1 << 60)"),
    "towers of powers": behind("x = 9 ** 9 ** 9 ** 9\ny = 1 << 10 ** 10\nz = 10 ** 10 ** 7"),
    "wide formats": behind("x = '{:>999999999}'.format(1)\ny = '%999999999d' % 1\nz = f'{1:>999999999}'"),
    "long ranges": behind("x = ''.join(chr(i) for i in range(10 ** 9))\ny = [i for i in range(10 ** 12)]"),
    "nested ranges": behind("x = [1" + " for _ in range(1000)" * 8 + "]"),
    "replacing every letter": behind(
        "x = ('a' * 10 ** 6).replace('a', 'b' * 10 ** 6)\nx = x.replace('', x)"
    ),
    "joining what was joined": behind("x = 'ab'\n" + "x = x.join(x.join(x))\n" * 12),
    "strange code points": behind("x = chr(10 ** 9) + chr(-1) + chr(0xd800)\ny = int('9' * 10 ** 6)"),
    "strange strides": behind("x = 'abc'[::0] + 'abc'[::-1 << 99]\ny = b'a'.ljust(10 ** 12)"),
    "strange bytes": behind(
        "x = (1 << 80).to_bytes(10 ** 10, 'big')\ny = int.from_bytes(b'a' * 10 ** 9, 'big')"
    ),
    "a bomb in a constant": behind(
        f"import base64, zlib\nexec(zlib.decompress(zlib.decompress(base64.b64decode('{blob(1 << 28)}'))))"
    ),
    "layers of decoding": _layers,
    "a quine": behind("s = 's = %r\\nexec(s %% s)'\nexec(s % s)"),
    "code that decodes to itself": behind(
        "import base64\ns = 'exec(base64.b64decode(s))'\nexec(s)\neval(s)"
    ),
    "pickles and marshal": behind(
        "import pickle, marshal\npickle.loads(b'\\x80\\x04c' + b'os\\nsystem\\n' + b'(' * 100000)\n"
        "exec(marshal.loads(b'\\xe3' + b'(' * 100000))"
    ),
    "a hostile pattern": behind(
        "import re\nre.match('(a+)+$', 'a' * 40 + 'b')\nx = '" + "\\\\" * 50_000 + "'"
    ),
}

FLOW: dict[str, Callable[[], Content]] = {
    "aliases in a circle": behind(
        "a = b = c = 0\ndef f():\n global a, b, c\n a = b\n b = c\n c = a\n return a.x"
    ),
    "a chain of 20,000 aliases": lambda: (
        "import sys\na0 = sys\n"
        + "".join(f"a{n + 1} = a{n}\n" for n in range(20_000))
        + "a20000.settrace(print)\n"
    ),
    "calls that fan out": lambda: (
        "import sys\ndef f0(): sys.settrace(print)\n"
        + "".join(f"def f{n + 1}():\n f{n}()\n f{n}()\n" for n in range(200))
        + "f200()\n"
    ),
    "functions that call each other": behind(
        "".join(f"def f{n}(x): return f{(n * 7 + 1) % 500}(f{(n * 3) % 500}(x))\n" for n in range(500))
    ),
    "50,000 functions": behind("".join(f"def f{n}(a=1): pass\n" for n in range(50_000))),
    "a ladder of classes": behind(
        "class C0: pass\n" + "".join(f"class C{n + 1}(C{n}): x = C{n}.x\n" for n in range(3_000))
    ),
    "classes in a circle": behind("class A(B): pass\nclass B(A): pass\nA = B\nB = A\nA().x().y()"),
    "1,000 decorators": behind("@a\n" * 1_000 + "def f(): pass"),
    "branches that double": behind("x = 0\n" + "if a: x = [x, 1]\nelse: x = (x, 2)\n" * 400),
    "a dict of 200,000 rows": behind("x = {" + "".join(f"{n}: {n},\n" for n in range(200_000)) + "}"),
    "stars": behind("a = [*b, *c]\n" + "a = [*a, *a]\n" * 60 + "f(*a, **{**a})"),
}


def _circle(folder: Path) -> Made:
    """A thousand modules that import each other all around, by star."""
    files = {f"ring/m{n}.py": f"from ring.m{(n + 1) % 1000} import *\n" for n in range(1000)}
    files["ring/__init__.py"] = "from ring.m0 import *\nimport sys\ngo = sys.settrace\ngo(print)\n"
    return site(folder, files, "ring/__init__.py")


def _padded(folder: Path) -> Made:
    """Ten thousand files of nothing around one that counts."""
    files = {f"pad/m{n}.py": f"x = {n}\n" for n in range(10_000)}
    return packed(folder, {**files, "pad/zz.py": HOOK}, "pad/zz.py")


def _paired(folder: Path) -> Made:
    """A source that does not compile beside bytecode that would run."""
    files: dict[str, Content] = {
        "m.py": "x = (\n",
        "__pycache__/m.cpython-311.pyc": b"\xa7\r\r\n\x01\0\0\0" + bytes(8) + b"\xe3",
    }
    return packed(folder, files, "__pycache__/m.cpython-311.pyc")


SLOW = {
    "nested conditionals",
    "20,000 comparisons",
    "200,000 chained attributes",
    "a sum of 100,000 terms",
    "100,000 minus signs",
    "20,000 boolean operands",
    "a million decimal digits",
    "a million lines",
    "a line of ten megabytes",
    "a chain of 20,000 aliases",
    "50,000 functions",
    "a ladder of classes",
    "a dict of 200,000 rows",
    "more than is parsed",
}


def _rows() -> Iterator[Case]:
    for table in (SYNTAX, BYTES, FOLDING, FLOW):
        yield from (source(name, text, is_slow=name in SLOW) for name, text in table.items())


CASES = (
    *_rows(),
    Case("a circle of 1,000 modules", _circle),
    Case("10,000 files of padding", _padded, is_slow=True),
    Case("garbage beside bytecode", _paired),
)
