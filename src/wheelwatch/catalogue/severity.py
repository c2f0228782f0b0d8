"""The severity table: what a thing does x when it runs, from ``data/severity.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import msgspec

from wheelwatch.catalogue.place import data_path
from wheelwatch.errors import DataError
from wheelwatch.model import Kind, Severity, Trigger


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table; a trigger that it does not name cannot happen for it."""

    name: str
    title: str
    kinds: tuple[Kind, ...]
    severities: Mapping[Trigger, Severity]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of ``data/severity.toml``."""

    rows: Mapping[str, Row]
    by_kind: Mapping[Kind, Row]
    weights: Mapping[Severity, int]
    issues: Mapping[str, Severity]
    startup_issues: Mapping[str, Severity]


@cache
def table() -> Table:
    """The table, read once.

    Raises:
        DataError: ``data/severity.toml`` does not have the form that it must have.
    """
    document = tomllib.loads(data_path("severity.toml").read_text(encoding="utf-8"))
    try:
        return _read(document)
    except (KeyError, ValueError) as error:
        raise DataError("data/severity.toml", f"cannot be understood: {error}") from error


def _read(document: Mapping[str, Any]) -> Table:
    rows = {name: _row(name, row) for name, row in document["rows"].items()}
    by_kind = {kind: row for row in rows.values() for kind in row.kinds}
    lacking = [kind for kind in Kind if kind not in by_kind]
    if lacking:
        raise ValueError(f"no row names the kind {lacking[0]}")
    return Table(
        rows=MappingProxyType(rows),
        by_kind=MappingProxyType(by_kind),
        weights=MappingProxyType(
            {severity: int(document["weights"][severity.label]) for severity in Severity}
        ),
        issues=_severities(document["issues"]),
        startup_issues=_severities(document["startup-issues"]),
    )


def _row(name: str, row: Mapping[str, Any]) -> Row:
    return Row(
        name=name,
        title=row["title"],
        kinds=tuple(Kind(kind) for kind in row.get("kinds", ())),
        severities={trigger: _severity(row[trigger]) for trigger in Trigger if trigger in row},
    )


def _severities(words: Mapping[str, str]) -> Mapping[str, Severity]:
    return MappingProxyType({key: _severity(word) for key, word in words.items()})


def _severity(word: str) -> Severity:
    return Severity[word.upper()]


def severity(row: str, trigger: Trigger) -> Severity | None:
    """The severity of a row at a trigger; ``None`` when the row cannot have it."""
    return table().rows[row].severities.get(trigger)


def row_of(kind: Kind) -> str:
    """The name of the row of a family of sites."""
    return table().by_kind[kind].name


def issue_severity(issue: str, *, at_startup: bool) -> Severity:
    """The severity of something wrong with a container, on a startup path or elsewhere."""
    found = table().startup_issues.get(issue) if at_startup else None
    return table().issues[issue] if found is None else found


def weight(severity: Severity) -> int:
    """Per cent by which one (rule, trigger) pair of this severity moves the score in its band."""
    return table().weights[severity]
