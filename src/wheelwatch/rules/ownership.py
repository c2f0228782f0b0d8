"""Which module names belong to a distribution: those that it ships itself."""

from __future__ import annotations

import sys

from wheelwatch.catalogue import lookup
from wheelwatch.model import Distribution, Site

SOURCES = (".py", ".pyw", ".pyc")
NATIVE = (".so", ".pyd")

HANDLERS = frozenset(
    {"strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace"}
    | {"surrogateescape", "surrogatepass"}
)
"""Error handlers of Python itself, which are nobody's own."""

LISTED = 50
"""Names that a site lists at most; a longer list may hold any other."""


def modules(distribution: Distribution) -> frozenset[str]:
    """The dotted names of every module and regular package that it places."""
    return frozenset(
        name
        for member in distribution.members
        if member.place is not None
        and not member.place.startswith("{")
        and (name := _module(member.place)) is not None
    )


def _module(place: str) -> str | None:
    folder, _, last = place.rpartition("/")
    if last.endswith(SOURCES):
        stem = last.rpartition(".")[0]
    elif last.endswith(NATIVE):
        stem = last.partition(".")[0]
    else:
        return None
    path = folder if stem == "__init__" else f"{folder}/{stem}"
    return path.strip("/").replace("/", ".") or None


def owns_all(own: frozenset[str], listed: str) -> bool:
    """Whether each of the names, comma-separated, is one of these modules or lies below one."""
    names = listed.split(",") if listed else []
    return len(names) < LISTED and all(_owns(own, name) for name in names)


def replaces_own(own: frozenset[str], site: Site) -> bool:
    """Whether a patch replaces something of a module that the distribution ships.

    A file that has the name of a standard module is not what that name imports.
    """
    api = lookup(site.api, site.kind)
    is_standard = site.api.partition(".")[0] in sys.stdlib_module_names
    return api is not None and api.how == "assign" and not is_standard and _owns(own, site.api)


def names_codec(path: str, site: Site) -> bool:
    """Whether the names of a codec or handler begin with the name of the package or file it stands in."""
    folder, _, file = path.rpartition("/")
    stems = tuple(stem for stem in (folder.rpartition("/")[2], file.partition(".")[0]) if stem[2:])
    names = site.detail.split(",") if site.detail else []
    is_free = 0 < len(names) < LISTED and HANDLERS.isdisjoint(names)
    return is_free and all(name.lower().startswith(stems) for name in names)


def _owns(own: frozenset[str], name: str) -> bool:
    parts = name.strip().rstrip(".").split(".")
    return any(".".join(parts[:end]) in own for end in range(1, len(parts) + 1))
