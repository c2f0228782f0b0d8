"""Anchor tokens: the words without which no extractor can yield a site."""

from __future__ import annotations

import ast
import re
from functools import cache

from wheelwatch.catalogue import apis, spellings
from wheelwatch.code.extract.names import call_api, canonical, mutate_api
from wheelwatch.code.extract.values import (
    Atom,
    Box,
    Class,
    Const,
    Ext,
    Flag,
    Function,
    Instance,
    Part,
    Unknown,
    Value,
    Versions,
)

ACCESS = frozenset(
    [
        "getattr",
        "setattr",
        "delattr",
        "vars",
        "__dict__",
        "attrgetter",
        "methodcaller",
        "itemgetter",
        "__getattribute__",
        "__setattr__",
        "globals",
        "locals",
        "getmembers",
        "getattr_static",
        "__globals__",
        "f_globals",
        "f_builtins",
        "__self__",
    ]
)
"""Words by which an attribute is reached without being written."""
IMPORTS = frozenset(
    [
        "__import__",
        "import_module",
        "resolve_name",
        "locate",
        "safeimport",
        "find_spec",
        "load_module",
        "run_module",
        "__subclasses__",
        "get_objects",
        "modules",
        "import_string",
        "__builtins__",
        "builtins",
        "f_builtins",
        "__globals__",
    ]
)
"""Words by which a module is reached without being written."""
CODE = frozenset(
    [
        "exec",
        "eval",
        "execfile",
        "FunctionType",
        "LambdaType",
        "CodeType",
        "runsource",
        "runcode",
        "push",
        "timeit",
        "ForwardRef",
        "get_type_hints",
        "get_annotations",
        "run_string",
        "exec_",
        "debug_src",
    ]
)
"""Words by which a string is run as code."""
DECODERS = frozenset(
    [
        "b64decode",
        "standard_b64decode",
        "urlsafe_b64decode",
        "decodebytes",
        "b32decode",
        "b16decode",
        "b85decode",
        "a85decode",
        "base64",
        "unhexlify",
        "a2b_hex",
        "a2b_base64",
        "fromhex",
        "decompress",
        "zlib",
        "codecs",
        "rot13",
        "rot_13",
        "marshal",
        "bz2",
        "lzma",
        "gzip",
        "chr",
        "unquote",
        "to_bytes",
        "unicode_escape",
        "binascii",
        "pickle",
        "dill",
        "cloudpickle",
        "urlopen",
        "requests",
        "httpx",
        "bytes",
        "translate",
    ]
)
"""Words by which data is decoded or fetched."""
OTHERS = frozenset(
    [
        "ctypes",
        "_ctypes",
        "posix",
        "nt",
        "subprocess",
        "_posixsubprocess",
        "socket",
        "_socket",
        "ssl",
        "_ssl",
        "gc",
        "atexit",
        "site",
        "_thread",
    ]
)
"""Words for modules on which only a name that was hidden matters."""
SUBJECTS = frozenset(
    [
        "sys",
        "_sys",
        "builtins",
        "__builtins__",
        "threading",
        "_threading",
        "pythonapi",
        "_testinternalcapi",
        "_testcapi",
        "_interpreters",
        "monitoring",
    ]
)
"""Words for what must not be reached in such ways."""
COMMON = frozenset(
    [
        "run",
        "call",
        "get",
        "post",
        "put",
        "head",
        "patch",
        "options",
        "delete",
        "request",
        "connect",
        "start",
        "enable",
        "open",
        "create",
        "loads",
        "load",
        "close",
        "register",
        "finalize",
        "main",
        "stream",
        "Pool",
        "system",
        "write",
        "read",
        "send",
        "listen",
        "signal",
        "alarm",
        "retrieve",
        "spawn",
        "FTP",
        "exec",
        "Command",
        "cmd",
        "resolve",
        "query",
        "chrome",
        "freeze",
        "reload",
        "display",
        "callbacks",
        "modules",
        "stdout",
        "stderr",
        "stdin",
        "handlers",
        "runctx",
        "runcall",
        "runeval",
        "runfunc",
        "__enter__",
        "set_trace",
        "aliases",
        "sample",
        "pickle",
        "dispatch_table",
        "disable",
        "install",
        "fork",
        "popen",
        "set_debug",
        "Quitter",
        "sendto",
        "ServerProxy",
        "SSLContext",
        "socket",
        "ssl",
        "requests",
        "keyring",
        "subprocess",
        "HTTPConnection",
        "Session",
        "Client",
        "connection",
        "connectionpool",
        "urlopen",
        "create_server",
        "getaddrinfo",
        "create_connection",
        "_cache",
        "lookup",
        "reload",
        "CodeType",
        "FunctionType",
        "request_queue",
        "util",
    ]
)
"""Last words of APIs that mean nothing without the name of their module."""


@cache
def _needs() -> tuple[frozenset[str], tuple[tuple[frozenset[str], frozenset[str]], ...]]:
    """Words that are enough by themselves, and pairs of word sets of which each must be met."""
    alone: set[str] = set()
    pairs: dict[frozenset[str], set[str]] = {}
    for api in apis().values():
        words = [word for word in re.split(r"[.\[\]()]+", api.name) if word and word != "*"]
        first, last = words[0], words[-1]
        if last not in COMMON and not api.name.endswith(".*"):
            alone.add(last)
        else:
            pairs.setdefault(_modules(first), set()).add(last)
    pairs.setdefault(ACCESS | CODE, set()).update(SUBJECTS)
    pairs.setdefault(ACCESS | CODE, set()).update(IMPORTS)
    pairs.setdefault(ACCESS, set()).update(OTHERS)
    pairs[frozenset({"pickle", "_pickle", "cPickle", "dill", "cloudpickle"})] = {"loads"}
    pairs.setdefault(CODE, set()).update(DECODERS)
    return frozenset(alone), tuple((heads, frozenset(tails)) for heads, tails in pairs.items())


@cache
def _modules(first: str) -> frozenset[str]:
    """The words by which a module may be written."""
    others = {name.split(".")[0] for name, meant in spellings().items() if meant.split(".")[0] == first}
    return frozenset({first, f"_{first}", *others})


def _all_words() -> frozenset[str]:
    alone, pairs = _needs()
    return alone.union(*(heads | tails for heads, tails in pairs), IMPORTS, SUBJECTS, OTHERS, PATHS)


PATHS = frozenset(
    [
        "pth",
        "sitecustomize",
        "usercustomize",
        "bashrc",
        "profile",
        "crontab",
        "systemd",
        "authorized_keys",
        "ssh",
        "aws",
        "netrc",
    ]
)
"""Words of the paths of startup files and credentials."""

ANCHORS: frozenset[str] = _all_words()
"""A file whose NFKC-normalised text holds none of these tokens yields no site."""


def wants(tokens: frozenset[str]) -> bool:
    """Whether a file that holds these tokens must be parsed for its own sites; monotone in ``tokens``.

    A string that is put together and run as code (``exec`` without a decoder or a sensitive name) is
    left to the chains that reach it.
    """
    alone, pairs = _needs()
    if not tokens.isdisjoint(alone) or not tokens.isdisjoint(PATHS):
        return True
    return any(not tokens.isdisjoint(heads) and not tokens.isdisjoint(tails) for heads, tails in pairs)


_DYNAMIC = re.compile(
    r"getattr|setattr|__dict__|\bvars\b|globals|exec|eval|compile|__import__|import_module|attrgetter|methodcaller"
    r"|resolve_name|locate|loads|modules|-c\b|CodeType|FunctionType|__code__|patch|open|Path|locals|runpy|Type"
)


def is_dynamic(text: str) -> bool:
    """Whether a computed constant can matter in this file: as a name, as code, as a path."""
    return _DYNAMIC.search(text) is not None or not text.isascii()


class Relevance:
    """Which functions of a file can hold a site, by the words in their lines."""

    def __init__(self, text: str, names: dict[str, Value]) -> None:
        self.words = ANCHORS | {name for name, value in names.items() if _is_loaded(value)}
        self.lines = _LINES.split(text) if "\r" in text else text.split("\n")
        self.is_plain = text.isascii()
        self.known: dict[ast.AST, bool] = {}

    def wants(self, node: ast.AST) -> bool:
        """Whether a function holds such a word; always when the text may spell words in another way."""
        if not self.is_plain:
            return True
        known = self.known.get(node)
        if known is None:
            first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
            words = _WORD.findall("\n".join(self.lines[first - 1 : last]))
            known = self.known[node] = not self.words.isdisjoint(words)
        return known


_LINES = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def _is_loaded(value: Value) -> bool:
    """Whether a module-level name stands for something that can yield a site when it is used."""
    stack: list[Atom] = list(value)
    seen: set[int] = set()
    while stack and len(seen) < 500:
        atom = stack.pop()
        if isinstance(atom, Ext):
            name = canonical(atom.name)
            if atom.hidden or call_api(name) is not None or mutate_api(name) is not None:
                return True
        elif isinstance(atom, Box):
            if id(atom) not in seen:
                seen.add(id(atom))
                stack.extend(atom.union())
        elif not isinstance(atom, (Const, Unknown, Function, Class, Instance, Part, Flag, Versions)):
            return True
    return False
