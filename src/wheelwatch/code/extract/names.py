"""Canonical dotted names and what the catalogue knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from wheelwatch.catalogue import Api, apis, spellings
from wheelwatch.code.extract.vocabulary import STDLIB

NAME = 240
"""Code points of a dotted name that is still followed."""

SENSITIVE = frozenset(
    {
        "sys",
        "sys.monitoring",
        "builtins",
        "threading",
        "ctypes.pythonapi",
        "_thread",
        "_testcapi",
        "_testinternalcapi",
        "_interpreters",
        "gc",
        "codecs",
        "signal",
        "atexit",
        "importlib",
        "importlib.machinery",
        "os",
        "subprocess",
        "socket",
        "ssl",
        "site",
        "concurrent.interpreters",
    }
)
"""Modules on which an access that cannot be resolved is worth a site when its name was hidden."""
BARE = frozenset(
    {"sys", "sys.monitoring", "builtins", "threading", "ctypes.pythonapi", "_testinternalcapi"}
)
"""Those of them on which it is worth one whenever the name cannot be told."""

_EXPOSED = frozenset(
    {
        "sys",
        "os",
        "builtins",
        "threading",
        "gc",
        "signal",
        "socket",
        "ssl",
        "subprocess",
        "ctypes",
        "importlib",
        "codecs",
        "atexit",
        "_thread",
        "site",
    }
)


@cache
def _spelled() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The spellings, and `_expose` for every module that another exposes under another name."""
    table = dict(spellings())
    return table, {
        "_sys": "sys",
        "_os": "os",
        "_builtins": "builtins",
        "_thread": "_thread",
        "_threading": "threading",
        "_io": "io",
        "_signal": "signal",
        "_socket": "socket",
        "bltns": "builtins",
        "builtins_mod": "builtins",
        "__builtins__": "builtins",
        "_gc": "gc",
        "_codecs": "codecs",
        "_imp": "_imp",
        "_warnings": "warnings",
    }


@cache
def canonical(name: str) -> str:
    """The canonical form of a dotted name: no call marks, other spellings and exposed modules resolved."""
    if name.startswith("."):
        return name.replace("()", "")
    table, exposed = _spelled()
    parts = name.replace("()", "").split(".")
    if ".".join(parts) in _tables()[0]:
        return ".".join(parts)
    # os.sys.settrace, threading._sys.settrace: a module of the standard library that holds another one.
    for place in range(len(parts) - 1, 0, -1):
        module = exposed.get(parts[place], parts[place])
        if (
            module in _EXPOSED
            and parts[0] in STDLIB
            and (parts[place] in exposed or _is_exposed(parts, place))
        ):
            parts = [module, *parts[place + 1 :]]
            break
    text = ".".join(parts)
    for _ in range(3):
        for end in range(len(parts), 0, -1):
            head = ".".join(parts[:end])
            if head in table:
                parts = [*table[head].split("."), *parts[end:]]
                break
        renewed = ".".join(parts)
        if renewed == text:
            return text
        text = renewed
    return text


def _is_exposed(parts: list[str], place: int) -> bool:
    """Whether this part is the module of that name and no submodule, as in ``asyncio.subprocess``."""
    real = {
        "asyncio.subprocess",
        "importlib.abc",
        "asyncio.threads",
        "concurrent.futures.thread",
        "multiprocessing.dummy.threading",
        "curses.textpad",
        "distutils.sysconfig",
    }
    return ".".join(parts[: place + 1]) not in real


@cache
def _tables() -> tuple[dict[str, Api], dict[str, Api], dict[str, Api]]:
    call: dict[str, Api] = {}
    assign: dict[str, Api] = {}
    mutate: dict[str, Api] = {}
    for api in apis().values():
        {"call": call, "assign": assign, "mutate": mutate}[api.how][api.name.replace("()", "")] = api
    return call, assign, mutate


def call_api(name: str) -> Api | None:
    """The API that calling this canonical name uses."""
    return _tables()[0].get(name)


def is_loaded(name: str) -> bool:
    """Whether something of this name may be a hook, or lead to all of them."""
    full = canonical(name)
    return full in BARE or call_api(full) is not None or mutate_api(full) is not None


@cache
def assign_api(name: str) -> Api | None:
    """The API that assigning to this canonical name uses; patterns included."""
    table = _tables()[1]
    parent, _, last = name.rpartition(".")
    return table.get(name) or table.get(f"{parent}.*") or table.get(f"*.{last}") or mutate_api(name)


_CHANGES = frozenset({"append", "insert", "extend", "update", "setdefault", "__iadd__", "__setitem__"})
"""Methods by which a container gets one more."""


@cache
def _ends() -> frozenset[str]:
    names = {api.name.replace("()", "").partition("[")[0] for api in apis().values()}
    ends = (name.rpartition(".")[2] for name in (*names, *spellings(), *spellings().values()))
    return frozenset(ends) | _CHANGES | BARE | SENSITIVE


def may_be_loaded(name: str) -> bool:
    """Whether something of this name may be a hook, or lead to one, in whatever file it is looked up."""
    return name.rpartition(".")[2] in _ends()


def mutate_api(name: str) -> Api | None:
    """The API that changing the container of this canonical name uses."""
    table = _tables()[2]
    return table.get(name) or table.get("*." + name.rpartition(".")[2])


@cache
def members(module: str) -> tuple[str, ...]:
    """The catalogued names directly below a module, for ``from module import *``."""
    found = {
        name.split(".")[module.count(".") + 1]
        for table in _tables()
        for name in table
        if name.startswith(module + ".")
    }
    extra = {
        "sys": {"modules", "path", "monitoring", "meta_path", "path_hooks"},
        "os": {"environ", "sys", "path"},
        "ctypes": {"pythonapi"},
    }
    return tuple(
        sorted(
            name
            for name in found | extra.get(module, set())
            if name != "*" and not name.startswith("_") and "[" not in name
        )
    )


_PLAIN = frozenset({"call", "create", "exec", "lookup", "main", "open", "register"})
"""Names of APIs that modules of all kinds have as well."""
_EVERYDAY = _PLAIN | frozenset(
    [
        "alarm",
        "callbacks",
        "create_connection",
        "create_server",
        "fork",
        "freeze",
        "getaddrinfo",
        "modules",
        "popen",
        "reload",
        "run",
        "set_debug",
        "signal",
        "stderr",
        "stdin",
        "stdout",
        "system",
    ]
)
"""Names of APIs that objects of all kinds have as well."""


@cache
def searched(last: str, *, is_module: bool) -> str | None:
    """The one API of a sensitive module whose last component this is, for what was searched for.

    ``is_module``: it is a module for certain, not just some object made of data or found by a search.
    """
    if last in (_PLAIN if is_module else _EVERYDAY):
        return None
    found = [
        name
        for table in _tables()
        for name in table
        if name.count(".") == 1 and name.endswith("." + last) and name.partition(".")[0] in SENSITIVE
    ]
    return min(found, key=lambda name: (not name.startswith("sys."), name)) if found else None
