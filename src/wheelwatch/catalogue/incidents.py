"""Attacks by the files that they shipped: ``data/incidents.toml``, and lists of the same form."""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import msgspec

from wheelwatch.catalogue.place import data_path
from wheelwatch.errors import DataError, UsageError

HEX = re.compile(r"[0-9a-fA-F]{64}")
RECORD = re.compile(r"sha256=([A-Za-z0-9_-]{43})=?")
PLACE = " - at `$"


class Traits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file's name together with what stands in it."""

    files: tuple[str, ...]
    """Patterns for the name without folders, as a shell has them."""
    contains: tuple[str, ...]
    """Texts that must all be there."""


class Incident(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One attack."""

    id: str
    """As advisories have it: MAL-..., PYSEC-..., GHSA-..., CVE-..., or the team's own."""
    name: str
    aliases: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    """Numbers of MITRE ATT&CK."""
    references: tuple[str, ...] = ()
    sha256: tuple[str, ...] = ()
    """Of files and archives, in lower-case hexadecimal."""
    traits: tuple[Traits, ...] = ()


class Incidents:
    """Several lists as one, by digest and by name."""

    def __init__(self, incidents: Iterable[Incident]) -> None:
        self._by_digest: dict[str, Incident] = {}
        self._by_traits: list[tuple[Traits, Incident]] = []
        for incident in incidents:
            for digest in incident.sha256:
                self._by_digest.setdefault(digest, incident)
            self._by_traits += [(traits, incident) for traits in incident.traits]

    def of_digest(self, digest: str) -> Incident | None:
        """The attack that shipped this content, a SHA-256 in lower-case hexadecimal."""
        return self._by_digest.get(digest)

    def of_text(self, name: str, text: str) -> tuple[Incident, int] | None:
        """The attack that a file's name and text match, with the line of the first trait, 1-based."""
        for traits, incident in self._by_traits:
            named = any(fnmatchcase(name, pattern) for pattern in traits.files)
            if named and all(part in text for part in traits.contains):
                first = min((text.index(part) for part in traits.contains), default=0)
                return incident, text.count("\n", 0, first) + 1
        return None


@cache
def incidents() -> tuple[Incident, ...]:
    """The attacks that wheelwatch knows.

    Raises:
        DataError: ``data/incidents.toml`` does not have the form that it must have.
    """
    text = data_path("incidents.toml").read_text(encoding="utf-8")
    try:
        return parse(text)
    except FormError as error:
        raise DataError(_at("data/incidents.toml", error.place), error.what) from error


def read(path: str) -> tuple[Incident, ...]:
    """A team's own list.

    Raises:
        UsageError: the file cannot be read, or a key does not have the form that it must have.
    """
    hint = "see data/incidents.toml for the format"
    try:
        return parse(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(path, error.strerror or "cannot be read", "give a TOML file") from error
    except UnicodeDecodeError as error:
        raise UsageError(path, "is not UTF-8", hint) from error
    except FormError as error:
        raise UsageError(_at(path, error.place), error.what, hint) from error


class FormError(Exception):
    """A list does not have the form that it must have; ``place`` is the path of the key."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(what)
        self.place = place
        self.what = what


def parse(text: str) -> tuple[Incident, ...]:
    """The attacks of a list in TOML.

    Raises:
        FormError: it is no TOML, or a key does not have the form that it must have.
    """
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FormError("", f"is no TOML: {error}") from error
    unknown = sorted(document.keys() - {"incident"})
    if unknown:
        raise FormError(unknown[0], "is no key of such a list; it holds [[incident]] tables")
    try:
        found = msgspec.convert(document.get("incident", []), tuple[Incident, ...])
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(PLACE)
        raise FormError("incident" + place.rstrip("`"), what.lower()) from error
    return tuple(_checked(f"incident[{number}]", incident) for number, incident in enumerate(found))


def _checked(place: str, incident: Incident) -> Incident:
    if not incident.id.strip() or not incident.name.strip():
        raise FormError(f"{place}.{'name' if incident.id.strip() else 'id'}", "is empty")
    if not incident.sha256 and not incident.traits:
        raise FormError(place, "has neither sha256 nor traits, so that nothing can match")
    for number, traits in enumerate(incident.traits):
        _check_traits(f"{place}.traits[{number}]", traits)
    digests = (_digest(f"{place}.sha256[{number}]", text) for number, text in enumerate(incident.sha256))
    return msgspec.structs.replace(incident, sha256=tuple(digests))


def _check_traits(place: str, traits: Traits) -> None:
    """Neither names alone nor texts alone: both are far too common."""
    for key, parts in (("files", traits.files), ("contains", traits.contains)):
        if not all(parts) or not parts:
            raise FormError(f"{place}.{key}", "is empty")


def _digest(place: str, text: str) -> str:
    """A digest in lower-case hexadecimal, also from the form that RECORD has."""
    if HEX.fullmatch(text):
        return text.lower()
    recorded = RECORD.fullmatch(text)
    if recorded is None:
        raise FormError(place, "is neither 64 hexadecimal digits nor sha256=... as in RECORD")
    return hexadecimal(recorded[1])


def hexadecimal(recorded: str) -> str:
    """The digest that RECORD writes in urlsafe base64 without padding."""
    try:
        return base64.urlsafe_b64decode(recorded + "=").hex()
    except (binascii.Error, ValueError):
        return ""


def _at(file: str, place: str) -> str:
    return f"{file}: {place}" if place else file
