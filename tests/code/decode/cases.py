"""Sources that differ in how they are decoded: cookies, codecs, marks, newlines, stray bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator

from wheelwatch.code.charsets import CODECS

BOM = b"\xef\xbb\xbf"
COOKIES = (
    "# coding: {}",
    "#coding:{}",
    "# -*- coding: {} -*-",
    "# vim: set fileencoding={} :",
    "# coding={}",
    "\x0c # coding: {}",
    " \t# coding: {}",
    "# coding:\t \t{}",
    "# coding: coding: {}",
    "# coding:! coding= {}",
    "x = 1 # coding: {}",
    "# CODING: {}",
    "# coding : {}",
    "\x0b# coding: {}",
    "#!/bin/x\n# coding: {}",
    "\n# coding: {}",
    "\x0c\n# coding: {}",
    "\x0b\n# coding: {}",
    "\\\n# coding: {}",
    "'''\n# coding: {}\n'''",
    "x = 1\n# coding: {}",
    "#\n#\n# coding: {}",
    "# coding: {}\n# coding: utf-7",
    "# coding: {}\\\n",
    "# encoding:{}#",
    "#\r# coding: {}",
    "#\r\n# coding: {}",
    "#\r\r# coding: {}",
    "# coding:\n{}",
    "# xcoding:{}x",
    '"" # coding: {}',
)
NAMES = (
    "utf-8",
    "UTF_8",
    "utf8",
    "utf-8-sig",
    "utf_8_sig",
    "utf-8-unix",
    "utf-8x",
    "utf-7",
    "utf__7",
    "-utf-7-",
    "latin-1",
    "Latin_1_foo",
    "latin-1-unix",
    "iso-8859-1-unix",
    "iso-8859-15",
    "iso.8859.15",
    "utf.8",
    "utf.7",
    "ascii",
    "us-ascii",
    "cp1252",
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "hz",
    "shift_jis",
    "rot13",
    "rot_13",
    "hex",
    "base64",
    "zlib",
    "uu",
    "undefined",
    "idna",
    "punycode",
    "utf-16",
    "utf-32",
    "cp037",
    "cp65001",
    "unicode_internal",
    "aliases",
    "__init__",
    "charmap",
    "locale",
    "foobar",
    "..os",
    "os.path",
    "ｕtf-8",
)
BODIES = (
    b"x = 'abc'\n",
    b"x = '\xe9'\n",
    b"x = '\xc3\xa9'\n",
    b"# \xff\nx = 1\n",
    b"x = 1 # \xe3\n\ny = 2",
    b"",
    b"x = '\\xe9'\n",
    b"x = +AGE-\n",
    b"# +AAo-y = 2\n",
    b"# \\u000ay = 2\n",
    b"x = 1\\ny = 2\n",
    b"x = 1\\r\\ny = 2\n",
    b"# a\\ry = 2\n",
    b"x = 'a\\rb'\n",
    b"x = 1\n\\x00y = 2\n",
    b"# \\x00\ny = 2\n",
    b"x = '\\ud800'\n",
    b"x = 1\\",
    b"x = 1\\\n",
    b"x = '~{<:Ky~}'\n",
    b"x = 1\r\ny = 2\rz = 3",
    b"x = '''a\rb\r\nc'''\n",
    b"if 1:\n\x0c  x = 1\n",
    b"x = 1\n\x1a",
    b"\xed\xa0\x80 = 1\n",
    b"# \xed\xa0\x80\nx = 1\n",
    "ｘ = 'ｘ'\n".encode(),
    b"x = 1\n\xef\xbb\xbfy = 1\n",
)
PIECES = (
    b"#",
    b"coding",
    b":",
    b"=",
    b" ",
    b"\n",
    b"\r",
    b"\r\n",
    b"\x0c",
    b"\x0b",
    b"\\",
    b"latin-1",
    b"utf-8",
    b"utf-7",
    b"unicode_escape",
    b"x=1",
    b"'",
    b"\xe9",
    b"\xc3\xa9",
    b"\xff",
    b"\xef\xbb\xbf",
    b"-",
    b"_",
    b"+AGE-",
    b"\\n",
)


def spellings() -> Iterator[bytes]:
    """Every spelling of every codec, over plain and over fitting text."""
    for spelling, codec in CODECS.items():
        yield f"# coding: {spelling}\nx = 'abc'\n".encode()
        try:
            yield f"# coding: {spelling}\nx = 'é§я中'\n".encode(codec, "ignore")
        except UnicodeError:
            continue


def layouts() -> Iterator[bytes]:
    """Every cookie with every name, every name with every body."""
    for name in NAMES:
        for cookie in COOKIES:
            yield cookie.format(name).encode() + b"\nx = 'abc'\ny = '\xe9'\n"
        for body in BODIES:
            yield f"# coding: {name}\n".encode() + body
            yield BOM + f"# coding: {name}\n".encode() + body
    for body in BODIES:
        yield body
        yield BOM + body


def mixtures(count: int) -> Iterator[bytes]:
    """Random sequences of what matters; the same ones each time."""
    chance = random.Random(263)
    for _ in range(count):
        yield b"".join(chance.choices(PIECES, k=chance.randint(1, 14)))
