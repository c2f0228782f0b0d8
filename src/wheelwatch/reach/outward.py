"""What a name that leads out of the set means when it is called: a hook, a capability, or neither."""

from __future__ import annotations

from functools import cache

from wheelwatch.catalogue import Api, apis, spellings
from wheelwatch.catalogue.severity import row_of
from wheelwatch.catalogue.stdlib import is_stdlib
from wheelwatch.model import Kind

CHANGES = frozenset({"append", "insert", "extend", "update", "setdefault", "__iadd__", "__setitem__"})
"""Methods by which a list or table of hooks gets one more."""

HELD = frozenset({"sys", "os", "builtins", "threading"})
"""Modules that others of the standard library hold as an attribute: ``os.sys.settrace``."""

CARRIED = frozenset({"watch", "replace"})
"""Rows of the severity table whose names are looked for in files that hold no anchor."""

PAYLOADS = frozenset({Kind.PROCESS, Kind.DECODE_RUN})
"""Of the other rows, the families for which that is worth it too."""


@cache
def outward(name: str) -> Api | None:
    """The entry that calling this name is a site of."""
    full = canonical(name)
    api = apis().get(full)
    if api is not None and api.how == "call":
        return api
    owner, _, method = full.rpartition(".")
    return container(owner) if method in CHANGES else None


@cache
def container(name: str) -> Api | None:
    """The entry of a list or table of hooks, such as ``sys.meta_path``."""
    api = apis().get(name)
    return api if api is not None and api.how == "mutate" else apis().get(f"{name} []")


@cache
def carried(name: str) -> bool:
    """Whether a name stands for something whose calls are searched for under other names."""
    full = canonical(name)
    api = outward(full) or container(full)
    return api is not None and (row_of(api.kind) in CARRIED or api.kind in PAYLOADS)


@cache
def canonical(name: str) -> str:
    """A dotted name without detours: by its other spellings, and by modules that hold modules."""
    parts = name.split(".")
    for place in range(len(parts) - 1, 0, -1):
        if parts[place].removeprefix("_") in HELD and is_stdlib(parts[0]):
            parts = [parts[place].removeprefix("_"), *parts[place + 1 :]]
            break
    for end in range(len(parts), 0, -1):
        plain = spellings().get(".".join(parts[:end]))
        if plain is not None:
            return ".".join((plain, *parts[end:]))
    return ".".join(parts)


@cache
def tails() -> frozenset[str]:
    """The last parts of names that are carried, but for words that programs use for anything."""
    ends = {_tail(api.name) for api in apis().values() if carried(api.name)}
    return frozenset(end for end in ends if end.isidentifier() and end not in PLAIN | ENTERED)


ENTERED = frozenset({"__enter__", "__aenter__"})
"""Methods that a ``with`` statement calls: every such statement names them."""


@cache
def managers() -> frozenset[str]:
    """The classes that are carried by entering them."""
    names = (api.name.rpartition(".") for api in apis().values() if carried(api.name))
    return frozenset(_tail(owner) for owner, _, last in names if last in ENTERED)


PLAIN = frozenset(
    {"run", "call", "open", "start", "enable", "register", "load", "loads", "install"}
    | {"main", "exec", "eval", "compile", "create", "display", "sample", "set", "freeze"}
    | {"Pool", "spawn", "reload", "close", "get", "put", "add", "connect", "request"}
    | {"Command", "Process", "execute", "patch", "input"}
)
"""Last parts of names that say nothing by themselves."""


def _tail(name: str) -> str:
    return name.rpartition(".")[2]
