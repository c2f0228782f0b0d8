"""The JSON form of the boot sequence, in the form of ``startup.json`` beside this module."""

from __future__ import annotations

from json import dumps

from wheelwatch import escape
from wheelwatch.model import Listing, Order, Start, Turn
from wheelwatch.report.json import Value, failure, finding, optional, unread

SCHEMA = "wheelwatch-startup-1.1"


def render(listing: Listing) -> str:
    """The listing as JSON text: ASCII only, as the report is."""
    return escape.document(dumps(document(listing), indent=2)) + "\n"


def document(listing: Listing) -> dict[str, Value]:
    """The listing as plain values, field by field as `model.Listing` has them."""
    return {
        "schema": SCHEMA,
        "wheelwatch": listing.wheelwatch,
        "outcome": listing.outcome.value,
        "complete": listing.complete,
        "fail_on": "never" if listing.fail_on is None else listing.fail_on.label,
        "targets": [escape.json(target) for target in listing.targets],
        "pythons": list(listing.pythons),
        "starts": [_start(start) for start in listing.starts],
        "errors": [failure(row) for row in listing.errors],
    }


def _start(start: Start) -> Value:
    return {
        "target": escape.json(start.target),
        "own": start.own,
        "orders": [_order(order) for order in start.orders],
        "findings": [finding(row) for row in start.findings],
        "not_analysed": [unread(row) for row in start.not_analysed],
    }


def _order(order: Order) -> Value:
    return {"pythons": list(order.pythons), "steps": [_turn(turn) for turn in order.steps]}


def _turn(turn: Turn) -> Value:
    return {
        "phase": turn.phase,
        "kind": turn.kind.value,
        "package": escape.json(turn.package),
        "version": escape.json(turn.version),
        "owner": turn.owner.value,
        "root": escape.json(turn.root),
        "path": escape.json(turn.path),
        "line": turn.line,
        "text": escape.json(turn.text),
        "target": escape.json(turn.target),
        "detail": escape.json(turn.detail),
        "pythons": list(turn.pythons),
        "severity": turn.severity.label,
        "known": turn.known,
        "modules": [escape.json(path) for path in turn.modules],
        "missing": [escape.json(name) for name in turn.missing],
        "silences": optional(turn.silences or None),
        "findings": [finding(row) for row in turn.findings],
    }
