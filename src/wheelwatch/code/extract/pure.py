"""Pure functions of the standard library that folding may call, by canonical name."""

from __future__ import annotations

import ast
import base64
import binascii
import bz2
import codecs
import html
import itertools
import json
import lzma
import operator
import posixpath
import string
import struct
import unicodedata
import urllib.parse
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wheelwatch.code.extract import fold
from wheelwatch.code.extract.fold import TooBigError
from wheelwatch.code.extract.literals import TEXT_CODECS
from wheelwatch.code.extract.values import Box, Class, Const, Function, Unknown, Value

BOUND = 8 * 1024 * 1024
"""Bytes that decompression may yield; the caller's own bound is applied to the result as well."""


def _inflate(data: Any, wbits: Any = zlib.MAX_WBITS, bufsize: Any = 0) -> bytes:
    del bufsize
    machine = zlib.decompressobj(wbits)
    made = machine.decompress(data, BOUND)
    if machine.unconsumed_tail:
        raise TooBigError
    return made


def _bunzip(data: Any) -> bytes:
    machine = bz2.BZ2Decompressor()
    made = machine.decompress(data, BOUND)
    if not machine.eof:
        raise TooBigError
    return made


def _unlzma(data: Any) -> bytes:
    machine = lzma.LZMADecompressor(memlimit=256 * 1024 * 1024)
    made = machine.decompress(data, BOUND)
    if not machine.eof:
        raise TooBigError
    return made


_CODECS: Mapping[str, Callable[[Any], object]] = {
    "rot13": lambda data: codecs.decode(data, "rot13"),
    "rot_13": lambda data: codecs.decode(data, "rot13"),
    "rot-13": lambda data: codecs.decode(data, "rot13"),
    "hex": binascii.unhexlify,
    "hex_codec": binascii.unhexlify,
    "base64": base64.b64decode,
    "base64_codec": base64.b64decode,
    "zlib": _inflate,
    "zip": _inflate,
    "zlib_codec": _inflate,
    "bz2": _bunzip,
    "bz2_codec": _bunzip,
    "quopri": binascii.a2b_qp,
}


def _decode(data: Any, encoding: str = "utf-8", errors: str = "strict") -> object:
    name = encoding.lower()
    if name in _CODECS:
        return _CODECS[name](data)
    if name not in TEXT_CODECS:
        raise TooBigError
    return (
        data.encode("latin-1").decode(name, errors)
        if isinstance(data, str)
        else bytes(data).decode(name, errors)
    )


def _encode(data: Any, encoding: str = "utf-8", errors: str = "strict") -> object:
    name = encoding.lower()
    if name in {"rot13", "rot_13", "rot-13"}:
        return codecs.decode(data, "rot13")
    if name not in TEXT_CODECS:
        raise TooBigError
    return data.encode(name, errors)


def _bytes(data: Any = b"", *rest: Any) -> bytes:
    if isinstance(data, int):
        if data > BOUND:
            raise TooBigError
        return bytes(data)
    return bytes(data, *rest)


def _range(*numbers: int) -> range:
    made = range(*numbers)
    if len(made) > 65_536:
        raise TooBigError
    return made


def _literal(text: Any) -> object:
    if len(text) > 100_000:
        raise TooBigError
    return json.loads(text) if text[:1] in "[{" and "'" not in text else _simple(text)


def _simple(text: str) -> object:
    node = ast.parse(text.strip(), mode="eval").body
    if not isinstance(node, ast.Constant):
        raise TooBigError
    return node.value


def _text(*things: Any) -> str:
    return str(*things)


DECODERS: Mapping[str, Callable[..., object]] = {
    "base64.b64decode": lambda data, *_: base64.b64decode(data),
    "base64.standard_b64decode": base64.standard_b64decode,
    "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.decodebytes": base64.decodebytes,
    "base64.decodestring": base64.decodebytes,
    "base64.b32decode": base64.b32decode,
    "base64.b32hexdecode": base64.b32hexdecode,
    "base64.b16decode": base64.b16decode,
    "base64.b85decode": base64.b85decode,
    "base64.a85decode": base64.a85decode,
    "binascii.unhexlify": binascii.unhexlify,
    "binascii.a2b_hex": binascii.a2b_hex,
    "binascii.a2b_base64": binascii.a2b_base64,
    "binascii.a2b_qp": binascii.a2b_qp,
    "binascii.a2b_uu": binascii.a2b_uu,
    "quopri.decodestring": binascii.a2b_qp,
    "zlib.decompress": _inflate,
    "gzip.decompress": lambda data: _inflate(data, 31),
    "bz2.decompress": _bunzip,
    "lzma.decompress": _unlzma,
    "codecs.decode": _decode,
    "codecs.escape_decode": codecs.escape_decode,
    "codecs.unicode_escape_decode": codecs.unicode_escape_decode,
    "codecs.utf_8_decode": codecs.utf_8_decode,
    "builtins.bytes.fromhex": bytes.fromhex,
    "builtins.bytearray.fromhex": bytes.fromhex,
    "builtins.chr": chr,
    "urllib.parse.unquote": urllib.parse.unquote,
    "urllib.parse.unquote_plus": urllib.parse.unquote_plus,
    "urllib.parse.unquote_to_bytes": urllib.parse.unquote_to_bytes,
    "html.unescape": html.unescape,
    "builtins.int.to_bytes": lambda number, *rest: number.to_bytes(*rest),
    "struct.pack": lambda form, *rest: (
        struct.pack(form, *rest) if not any(map(str.isdigit, form)) else None
    ),
}
"""Functions whose result is decoded data."""

PURE: Mapping[str, Callable[..., object]] = {
    "builtins.str": _text,
    "builtins.int": int,
    "builtins.float": float,
    "builtins.bool": bool,
    "builtins.bytes": _bytes,
    "builtins.memoryview": _bytes,
    "builtins.ord": ord,
    "builtins.hex": hex,
    "builtins.bin": bin,
    "builtins.oct": oct,
    "builtins.ascii": ascii,
    "builtins.repr": repr,
    "builtins.len": len,
    "builtins.abs": abs,
    "builtins.divmod": divmod,
    "builtins.sum": sum,
    "builtins.format": format,
    "builtins.range": _range,
    "builtins.int.from_bytes": int.from_bytes,
    "builtins.int.bit_length": int.bit_length,
    "builtins.str.maketrans": str.maketrans,
    "builtins.bytes.maketrans": bytes.maketrans,
    "builtins.str.join": lambda glue, parts: glue.join(parts),
    "builtins.str.lower": str.lower,
    "builtins.str.upper": str.upper,
    "builtins.str.swapcase": str.swapcase,
    "builtins.str.strip": str.strip,
    "builtins.str.replace": lambda text, old, new: text.replace(old, new) if old else text,
    "builtins.bytes.decode": lambda data, *rest: data.decode(*rest),
    "builtins.str.encode": lambda data, *rest: data.encode(*rest),
    "codecs.encode": _encode,
    "binascii.hexlify": binascii.hexlify,
    "base64.b64encode": base64.b64encode,
    "zlib.crc32": zlib.crc32,
    "zlib.adler32": zlib.adler32,
    "zlib.compress": zlib.compress,
    "json.loads": json.loads,
    "ast.literal_eval": _literal,
    "struct.unpack": struct.unpack,
    "unicodedata.normalize": unicodedata.normalize,
    "unicodedata.lookup": unicodedata.lookup,
    "operator.add": operator.add,
    "operator.concat": operator.concat,
    "operator.sub": operator.sub,
    "operator.xor": operator.xor,
    "operator.and_": operator.and_,
    "operator.or_": operator.or_,
    "operator.mod": lambda left, right: left % right if isinstance(left, int) else None,
    "operator.eq": operator.eq,
    "operator.not_": operator.not_,
    "sys.intern": lambda text: text,
    "os.fsdecode": lambda data: data if isinstance(data, str) else data.decode(),
    "os.fsencode": lambda data: data if isinstance(data, bytes) else data.encode(),
    "textwrap.dedent": lambda text: text,
    "inspect.cleandoc": lambda text: text.strip(),
    "os.fspath": lambda text: text,
    "os.path.splitext": posixpath.splitext,
    "os.path.basename": posixpath.basename,
    "os.path.dirname": posixpath.dirname,
    "os.path.split": posixpath.split,
}
"""Functions whose result is as innocent as their arguments."""

SEQUENCES: Mapping[str, Callable[..., object]] = {
    "builtins.reversed": lambda things: list(reversed(things)),
    "builtins.sorted": sorted,
    "builtins.enumerate": lambda things, start=0: list(enumerate(things, start)),
    "builtins.zip": lambda *things: list(zip(*things, strict=False)),
    "itertools.chain": lambda *things: list(itertools.chain(*things)),
    "itertools.chain.from_iterable": lambda things: list(itertools.chain.from_iterable(things)),
    "itertools.islice": lambda things, *bounds: list(itertools.islice(things, *bounds)),
    "itertools.cycle": lambda things: list(itertools.islice(itertools.cycle(things), 4096)),
    "itertools.repeat": lambda thing, count=64: [thing] * min(count, 4096),
    "builtins.list": list,
    "builtins.tuple": tuple,
    "builtins.iter": list,
}
"""Functions over sequences of constants; over other sequences the places are lost."""

CONSTANTS: Mapping[str, str] = {
    f"string.{name}": getattr(string, name)
    for name in (
        "ascii_letters",
        "ascii_lowercase",
        "ascii_uppercase",
        "digits",
        "hexdigits",
        "octdigits",
        "punctuation",
        "printable",
        "whitespace",
    )
}
"""Constants of the standard library that names may be cut out of."""

TRANSFORMS = frozenset(
    [
        "array",
        "ast",
        "base64",
        "binascii",
        "bisect",
        "bz2",
        "calendar",
        "codecs",
        "colorsys",
        "configparser",
        "copy",
        "csv",
        "decimal",
        "difflib",
        "email",
        "encodings",
        "fnmatch",
        "fractions",
        "functools",
        "gzip",
        "hashlib",
        "heapq",
        "hmac",
        "html",
        "ipaddress",
        "itertools",
        "json",
        "keyword",
        "lzma",
        "math",
        "ntpath",
        "numbers",
        "operator",
        "plistlib",
        "posixpath",
        "pprint",
        "quopri",
        "random",
        "re",
        "reprlib",
        "shlex",
        "statistics",
        "string",
        "struct",
        "textwrap",
        "tokenize",
        "unicodedata",
        "uuid",
        "xml",
        "zlib",
    ]
)
"""Modules whose functions make data of nothing but their arguments."""


def is_computed(name: str, values: Sequence[Value]) -> bool:
    """Whether an outer call makes something of constants alone, in a way that is not folded.

    What comes out is then a name or text that the file holds, but not in letters that one can read.
    """
    if name.partition(".")[0] == "inspect" and not name.startswith(
        ("inspect.stack", "inspect.currentframe")
    ):
        return any(isinstance(atom, (Function, Class)) for value in values for atom in value)
    return name.partition(".")[0] in TRANSFORMS and bool(values) and all(map(_is_told, values))


def _is_told(value: Value) -> bool:
    return bool(value) and all(
        isinstance(atom, Const)
        or (isinstance(atom, Unknown) and (atom.decoded or atom.searched))
        or (isinstance(atom, Box) and next(fold.plain((atom,)), None) is not None)
        for atom in value
    )
