"""Which module names belong to a distribution: those that it ships itself."""

from __future__ import annotations

from wheelwatch.model import Distribution

SOURCES = (".py", ".pyw", ".pyc")
NATIVE = (".so", ".pyd")

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


def _owns(own: frozenset[str], name: str) -> bool:
    parts = name.strip().rstrip(".").split(".")
    return any(".".join(parts[:end]) in own for end in range(1, len(parts) + 1))
