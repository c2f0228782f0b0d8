"""TOML of the user's own into records: what is wrong is told with the path of the key."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Literal, TypeGuard, TypeVar, get_args, get_origin

import msgspec

from wheelwatch import escape
from wheelwatch.errors import DataError

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read."""

DATES = (dt.datetime, dt.date, dt.time)
STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<number>\d+)\]|\[\.\.\.\]")
"""One step of a place as msgspec tells it."""

BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A key that TOML takes without quotes."""

UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)

T = TypeVar("T", bound=msgspec.Struct)


def load(path: str) -> dict[str, object]:
    """The document of a file.

    Raises:
        DataError: it cannot be read, is too large, or is no TOML.
    """
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise DataError(
            path or "''", error.strerror or "cannot be read", "name a file that exists"
        ) from None
    if len(data) > LARGEST:
        raise DataError(path, f"is larger than {LARGEST >> 20} MiB")
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise DataError(path, "is not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(path, f"is no TOML: {error}") from None


def convert(document: object, kind: type[T], path: str, prefix: str = "") -> T:
    """A document as a record; ``prefix`` is the key at which it stands in its file.

    Raises:
        DataError: a key is unknown, missing or of the wrong type.
    """
    try:
        return msgspec.convert(document, kind, builtin_types=DATES)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        spelled, expected = _spelled(document, kind, place.rstrip("`"))
        raise _problem(path, what, prefix + spelled, expected) from None


def _problem(path: str, what: str, place: str, kind: object) -> DataError:
    unknown = UNKNOWN.fullmatch(what)
    if unknown is None:
        words = choices(kind)
        hint = f"choose from {', '.join(words)}" if words else ""
        where = f"{path}: {place.lstrip('.')}" if place.strip(".") else path
        return DataError(where, what[:1].lower() + what[1:], hint)
    name = unknown[1]
    key = f"{place}.{name}".lstrip(".")
    near = difflib.get_close_matches(name, keys(kind), n=1)
    return DataError(
        f"{path}: {key}", "is no key that wheelwatch knows", f"did you mean {near[0]}?" if near else ""
    )


def _spelled(document: object, kind: object, place: str) -> tuple[str, object]:
    """The place with the keys of its tables, which msgspec tells as ``[...]``, and the type there."""
    path = ""
    for step in STEP.finditer(place):
        text = step[0]
        if step["number"]:
            document, kind = _item(document, int(step["number"])), _first(kind)
        elif step["name"]:
            fields = msgspec.structs.fields(kind) if _is_struct(kind) else ()
            kind = next((field.type for field in fields if field.encode_name == step["name"]), None)
            document = document.get(step["name"]) if isinstance(document, Mapping) else None
        else:
            kind = (get_args(kind) or (str, None))[-1]
            key, document = _wrong(document, kind)
            text = f".{key if BARE.fullmatch(key) else escape.toml(key)}"
        path += text
    return path, kind


def _wrong(table: object, kind: object) -> tuple[str, object]:
    """The first key of a table whose value is not of this type, and the value."""
    for key, value in table.items() if isinstance(table, Mapping) else ():
        try:
            msgspec.convert(value, kind, builtin_types=DATES)
        except msgspec.ValidationError:
            return str(key), value
    return "...", None


def _item(values: object, number: int) -> object:
    return values[number] if isinstance(values, Sequence) and number < len(values) else None


def _first(kind: object) -> object:
    return next(iter(get_args(kind)), None)


def _is_struct(kind: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def choices(kind: object) -> list[str]:
    """The words that a value of this type may be; none where it may be any."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    return [word for part in get_args(kind) for word in choices(part)]


def keys(kind: object) -> list[str]:
    """The keys of a record and of those inside it, as written."""
    found: list[str] = []
    waiting: list[object] = [kind]
    while waiting:
        one = waiting.pop()
        if _is_struct(one):
            fields = msgspec.structs.fields(one)
            found += [field.encode_name for field in fields]
            waiting += [field.type for field in fields]
        waiting += getattr(one, "__args__", ())
    return found


def table(document: Mapping[str, object], path: str, *names: str) -> object | None:
    """The table at this place of a document; ``None`` when there is none.

    Raises:
        DataError: something on the way is no table.
    """
    found: object = document
    for number, name in enumerate(names):
        if not isinstance(found, Mapping):
            raise DataError(f"{path}: {'.'.join(names[:number])}", "is no table")
        if name not in found:
            return None
        found = found[name]
    return found
