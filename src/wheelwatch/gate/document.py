"""TOML of the user's own into records: what is wrong is told with the path of the key."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from wheelwatch.errors import DataError

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read."""

DATES = (dt.datetime, dt.date, dt.time)
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
        raise DataError(path, error.strerror or "cannot be read", "name a file that exists") from None
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
        raise _problem(path, what, prefix + place.rstrip("`"), kind) from None


def _problem(path: str, what: str, place: str, kind: type[msgspec.Struct]) -> DataError:
    unknown = UNKNOWN.fullmatch(what)
    if unknown is None:
        return DataError(f"{path}: {place.lstrip('.')}" if place.strip(".") else path, what.lower())
    name = unknown[1]
    key = f"{place}.{name}".lstrip(".")
    near = difflib.get_close_matches(name, keys(kind), n=1)
    return DataError(
        f"{path}: {key}", "is no key that wheelwatch knows", f"did you mean {near[0]}?" if near else ""
    )


def keys(kind: type[msgspec.Struct]) -> list[str]:
    """The keys of a record and of those inside it, as written."""
    found: list[str] = []
    waiting: list[object] = [kind]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, msgspec.Struct):
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
