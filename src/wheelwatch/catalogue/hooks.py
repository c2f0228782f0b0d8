"""The catalogue of hooks and capabilities, read from ``data/hooks.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from wheelwatch.catalogue.place import data_path
from wheelwatch.errors import DataError
from wheelwatch.model import SUPPORTED_PYTHONS, Kind, Version

How: TypeAlias = Literal["call", "assign", "mutate"]
"""What makes a name a site: calling it, assigning to it, or changing the container that it names."""

_SUFFIX: Mapping[How, str] = {"call": "", "assign": " =", "mutate": " []"}


class Api(msgspec.Struct, frozen=True, kw_only=True):
    """One hook or capability under one canonical name.

    ``name`` is dotted and absolute (``sys.settrace``); a leading ``*.`` means an attribute of any
    object (``*.f_trace``), a final ``.*`` any attribute below (``ssl.SSLContext.*``).
    """

    name: str
    kind: Kind
    how: How
    pythons: tuple[Version, ...]
    """Versions on which the name exists and has this effect."""
    title: str
    observes: str
    """What it sees or alters, one clause."""
    event: str
    """Audit event that installing it raises; empty when there is none."""
    instead: str
    reference: str
    row: str
    """Slug of the entry that documents it; several names share one."""
    users: tuple[str, ...] = ()
    """Known distributions that use it for good reasons; it excuses nobody."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the catalogue as its documentation shows it, with every name that it stands for.

    A row of capabilities that no name stands for (decoded data that is run) has none.
    """

    row: str
    title: str
    kind: Kind
    pythons: tuple[Version, ...]
    example: str
    """The shortest program that holds a site of it."""
    observes: str
    event: str
    instead: str
    reference: str
    users: tuple[str, ...]
    names: tuple[tuple[How, tuple[str, ...]], ...]
    """Names by what makes them a site; forms without names are left out."""


def _versions(text: str) -> tuple[Version, ...]:
    """``"3.12-"``, ``"-3.12"``, ``"3.9-3.12"`` or ``""`` (all) as the supported versions in the range."""
    low, _, high = text.partition("-")
    order = {version: place for place, version in enumerate(SUPPORTED_PYTHONS)}
    first = order[low] if low else 0
    last = order[high] if high else len(SUPPORTED_PYTHONS) - 1
    return SUPPORTED_PYTHONS[first : last + 1]


def _expand(row: str, table: Mapping[str, Any]) -> Iterator[Api]:
    """Every API of one table: the names under ``call``, ``assign`` and ``mutate``."""
    for how in get_args(How):
        for name in table.get(how, ()):
            yield Api(
                name=name,
                kind=Kind(table["kind"]),
                how=how,
                pythons=_versions(table.get("pythons", "")),
                title=table["title"],
                observes=table["observes"],
                event=table.get("event", ""),
                instead=table["instead"],
                reference=table["reference"],
                row=row,
                users=tuple(table.get("users", ())),
            )


@cache
def _document() -> Mapping[str, Any]:
    return tomllib.loads(data_path("hooks.toml").read_text(encoding="utf-8"))


def _all() -> Iterator[Api]:
    for row, table in _document().items():
        if row == "spellings":
            continue
        try:
            yield from _expand(row, table)
        except (KeyError, ValueError) as error:
            raise DataError("data/hooks.toml", f"{row}: {error}") from error


@cache
def entries() -> tuple[Entry, ...]:
    """Every row of the catalogue, in the order of the file.

    Raises:
        DataError: ``data/hooks.toml`` does not have the form that it must have.
    """
    try:
        return tuple(_entry(row, table) for row, table in _document().items() if row != "spellings")
    except (KeyError, ValueError) as error:
        raise DataError("data/hooks.toml", f"cannot be understood: {error}") from error


def _entry(row: str, table: Mapping[str, Any]) -> Entry:
    return Entry(
        row=row,
        title=table["title"],
        kind=Kind(table["kind"]),
        pythons=_versions(table.get("pythons", "")),
        example=table["example"],
        observes=table["observes"],
        event=table.get("event", ""),
        instead=table["instead"],
        reference=table["reference"],
        users=tuple(table.get("users", ())),
        names=tuple((how, tuple(table[how])) for how in get_args(How) if how in table),
    )


@cache
def apis() -> Mapping[str, Api]:
    """Every API by its canonical name.

    Where one name has several forms, the called one has the plain key and the others the key with
    `` =`` (assigned) or `` []`` (mutated). `lookup` finds that of a site.

    Raises:
        DataError: ``data/hooks.toml`` does not have the form that it must have.
    """
    found: dict[str, Api] = {}
    for api in sorted(_all(), key=lambda api: get_args(How).index(api.how)):
        key = api.name if api.name not in found else api.name + _SUFFIX[api.how]
        if key in found:
            raise DataError("data/hooks.toml", f"{api.row}: {api.name} stands there twice")
        found[key] = api
    return MappingProxyType(found)


@cache
def spellings() -> Mapping[str, str]:
    """Other names of the same object, each with the canonical one; a module's stands for its prefix."""
    return MappingProxyType(dict(_document()["spellings"]))


@cache
def _by_kind() -> Mapping[tuple[str, Kind], Api]:
    table: dict[tuple[str, Kind], Api] = {}
    for api in apis().values():
        table.setdefault((api.name, api.kind), api)
    return table


def lookup(name: str, kind: Kind) -> Api | None:
    """The entry for a site's ``api`` and ``kind``; ``None`` for sites that no name stands for.

    A name below a pattern (``ssl.SSLContext.wrap_socket``) gets the pattern's entry.
    """
    table = _by_kind()
    parent, _, last = name.rpartition(".")
    return table.get((name, kind)) or table.get((f"{parent}.*", kind)) or table.get((f"*.{last}", kind))
