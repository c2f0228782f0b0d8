"""What a distribution says about itself: METADATA, WHEEL, entry points, and the Pythons it is for."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterable

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from wheelwatch.model import SUPPORTED_PYTHONS, EntryPoint, Version

_INTERPRETER = re.compile(r"(?P<kind>py|cp)(?P<major>\d)(?P<minor>\d{0,9})", re.ASCII)
_MICROS = range(40)
"""More micro releases than any minor version has had."""


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """The headers of METADATA or PKG-INFO that are used; empty where they are missing."""

    name: str = ""
    version: str = ""
    requires_python: str = ""
    requires: tuple[str, ...] = ()
    is_static: bool = False
    """A build may not change ``requires``: Metadata 2.2 or later that does not call it dynamic."""


class Filename(msgspec.Struct, frozen=True, kw_only=True):
    """What the file name of an archive says; ``is_valid`` is false when it is no such name."""

    name: str
    version: str
    tags: tuple[str, ...] = ()
    is_valid: bool = True


def metadata(data: bytes) -> Metadata:
    """Read the headers of METADATA; the first of several equal ones counts, as for pip."""
    found: dict[str, str] = {}
    several: dict[str, list[str]] = {"requires-dist": [], "dynamic": []}
    for line in data.decode("utf-8", "replace").splitlines():
        if not line.strip():
            break
        key, colon, value = line.partition(":")
        if colon and not line[0].isspace():
            found.setdefault(key.strip().lower(), value.strip())
            several.get(key.strip().lower(), []).append(value.strip())
    return Metadata(
        name=found.get("name", ""),
        version=found.get("version", ""),
        requires_python=found.get("requires-python", ""),
        requires=tuple(several["requires-dist"]),
        is_static=_is_static(found.get("metadata-version", ""), several["dynamic"]),
    )


def _is_static(written: str, dynamic: Iterable[str]) -> bool:
    numbers = re.match(r"(\d{1,9})\.(\d{1,9})$", written, re.ASCII)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < (2, 2):
        return False
    return "requires-dist" not in [field.lower() for field in dynamic]


def wheel_filename(name: str) -> Filename:
    """Take the name of a wheel apart; a bad one gives its stem as the project's name."""
    try:
        _, version, _, tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        parts = name.removesuffix(".whl").split("-")
        guess = parts[1] if len(parts) > 1 else ""
        return Filename(name=parts[0], version=guess, is_valid=False)
    written = name.split("-", 1)[0]
    return Filename(name=written, version=str(version), tags=tuple(sorted(map(str, tags))))


def sdist_filename(name: str) -> Filename:
    """Take the name of an sdist apart; a bad one is cut at its last hyphen."""
    stem = name.removesuffix(".zip").removesuffix(".tar.gz").removesuffix(".tgz")
    written, _, guess = stem.rpartition("-")
    try:
        _, version = parse_sdist_filename(name)
    except InvalidSdistFilename:
        return Filename(name=written or stem, version=guess if written else "", is_valid=False)
    return Filename(name=written, version=str(version))


def wheel_tags(data: bytes) -> tuple[str, ...]:
    """The ``Tag`` rows of a WHEEL file."""
    lines = data.decode("utf-8", "replace").splitlines()
    return tuple(line[4:].strip() for line in lines if line[:4].lower() == "tag:")


def entry_points(data: bytes) -> tuple[EntryPoint, ...]:
    """Read entry_points.txt; what cannot be read there is skipped row by row."""
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False, allow_no_value=True)
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # entry points keep their case
    try:
        parser.read_string(data.decode("utf-8", "replace"))
    except (configparser.Error, AttributeError):
        # A value that goes on behind a key without one makes the parser itself fail.
        return _loose_entry_points(data)
    return tuple(
        EntryPoint(group, name, value.strip())
        for group in parser.sections()
        for name, value in parser.items(group)
        if value
    )


def _loose_entry_points(data: bytes) -> tuple[EntryPoint, ...]:
    """The rows that have the form of entry points in a file that is damaged elsewhere."""
    group = ""
    found = []
    for line in data.decode("utf-8", "replace").splitlines():
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            group = text[1:-1].strip()
        elif "=" in text and text[0] not in "#;":
            name, _, value = text.partition("=")
            found.append(EntryPoint(group, name.strip(), value.strip()))
    return tuple(found)


def pythons(requires_python: str, tags: Iterable[str]) -> tuple[Version, ...]:
    """The supported versions that Requires-Python and the tags of a wheel allow.

    A specifier that cannot be read, and tags that are missing, allow every version, as for pip.
    """
    allowed = _by_specifier(requires_python)
    parsed = [tag for text in tags if (tag := _tag(text)) is not None]
    if not parsed:
        return allowed
    return tuple(v for v in allowed if any(_fits(v, tag) for tag in parsed))


def _by_specifier(text: str) -> tuple[Version, ...]:
    if not text:
        return SUPPORTED_PYTHONS
    try:
        specifier = SpecifierSet(text)
        return tuple(
            version
            for version in SUPPORTED_PYTHONS
            if any(specifier.contains(f"{version}.{micro}", prereleases=True) for micro in _MICROS)
        )
    except ValueError:  # no specifier, or a number with more digits than Python converts
        return SUPPORTED_PYTHONS


def _tag(text: str) -> Tag | None:
    parts = text.split("-")
    return Tag(*parts) if len(parts) == 3 else None


def _fits(version: Version, tag: Tag) -> bool:
    """As pip on CPython: ``cp39-abi3`` and ``py39`` from 3.9 on, ``cp39`` otherwise on 3.9 only."""
    found = _INTERPRETER.fullmatch(tag.interpreter)
    if found is None or found["major"] != "3":
        return False
    minor = int(version.split(".")[1])
    if not found["minor"]:
        return True
    wanted = int(found["minor"])
    if found["kind"] == "py" or tag.abi == "abi3":
        return minor >= wanted
    return minor == wanted
