"""Every rule, and its documentation as the command line shows it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Protocol

import msgspec

from wheelwatch.catalogue import Entry, entries
from wheelwatch.catalogue.severity import row_of, severity
from wheelwatch.model import Kind, LinkedPackage, RuleId, Severity, Trigger
from wheelwatch.rules import (
    access,
    age,
    audit,
    build,
    builtin,
    bytecode,
    code,
    codec,
    collector,
    cost,
    credentials,
    customize,
    dead,
    decode,
    display,
    exception,
    failure,
    foreign,
    fork,
    frames,
    identity,
    imports,
    incident,
    index,
    leak,
    leave,
    line,
    links,
    loader,
    modules,
    monitor,
    names,
    native,
    network,
    partial,
    patch,
    path,
    persistence,
    prefix,
    process,
    profile,
    record,
    remote,
    rewrite,
    signals,
    silence,
    squat,
    start,
    structure,
    swallow,
    switches,
    theft,
    trace,
    unowned,
    unproven,
    unread,
    veto,
    withdrawn,
)
from wheelwatch.rules.hit import Hit


class Rule(Protocol):
    """A rule module: its docstring is its documentation."""

    __doc__: str | None
    ID: RuleId

    def find(self, package: LinkedPackage, /) -> Iterator[Hit]:
        """The evidence for every finding of this rule in one package."""


RULES: tuple[Rule, ...] = (
    line,
    start,
    customize,
    path,
    unowned,
    squat,
    prefix,
    silence,
    foreign,
    trace,
    profile,
    monitor,
    audit,
    native,
    frames,
    remote,
    imports,
    builtin,
    codec,
    patch,
    exception,
    leave,
    collector,
    fork,
    signals,
    display,
    modules,
    access,
    switches,
    leak,
    rewrite,
    cost,
    veto,
    swallow,
    dead,
    decode,
    code,
    loader,
    process,
    network,
    persistence,
    credentials,
    theft,
    incident,
    bytecode,
    record,
    names,
    structure,
    links,
    identity,
    index,
    unproven,
    withdrawn,
    build,
    unread,
    partial,
    failure,
    age,
)


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The documentation of one rule."""

    id: RuleId
    title: str
    why: str
    fine: str
    instead: str
    severities: tuple[tuple[Trigger, Severity], ...] = ()
    """The table's severity at each trigger, before adjustments; empty where other things decide."""
    apis: tuple[str, ...] = ()
    """Names of the catalogue that the rule reports."""
    entries: tuple[Entry, ...] = ()
    """Rows of the catalogue to which these names belong."""


def catalogue() -> tuple[Explanation, ...]:
    """Every rule, in the order of `RULES`."""
    return tuple(_explanation(rule) for rule in RULES)


def explain(rule_id: str) -> Explanation | None:
    """The documentation of one rule; ``None`` when there is none of this name."""
    return next((_explanation(rule) for rule in RULES if rule_id == rule.ID), None)


def _explanation(rule: Rule) -> Explanation:
    title, *paragraphs = inspect.cleandoc(rule.__doc__ or "").split("\n\n")
    parts = dict(" ".join(text.split()).split(": ", 1) for text in paragraphs)
    kinds: tuple[Kind, ...] = getattr(rule, "KINDS", ())
    rows = tuple(entry for entry in entries() if entry.kind in kinds)
    return Explanation(
        id=rule.ID,
        title=title,
        why=parts["Why it matters"],
        fine=parts["When it is fine"],
        instead=parts["Instead"],
        severities=_severities(getattr(rule, "ROW", None) or (row_of(kinds[0]) if kinds else "")),
        apis=tuple(dict.fromkeys(name for row in rows for _, names in row.names for name in names)),
        entries=rows,
    )


def _severities(row: str) -> tuple[tuple[Trigger, Severity], ...]:
    found = ((trigger, severity(row, trigger)) for trigger in Trigger) if row else ()
    return tuple((trigger, worth) for trigger, worth in found if worth is not None)
