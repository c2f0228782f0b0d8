"""The JSON form of a comparison, in the form of ``diff.json`` beside this module."""

from __future__ import annotations

import json

from wheelwatch import escape
from wheelwatch.model import Comparison, Delta
from wheelwatch.report.json import Value, failure, finding, unread

SCHEMA = "wheelwatch-diff-1.0"


def render(comparison: Comparison) -> str:
    """The comparison as JSON text, ASCII only."""
    return escape.document(json.dumps(document(comparison), indent=2)) + "\n"


def document(comparison: Comparison) -> dict[str, Value]:
    """The comparison as plain values."""
    return {
        "schema": SCHEMA,
        "wheelwatch": comparison.wheelwatch,
        "outcome": comparison.outcome.value,
        "complete": comparison.complete,
        "fail_on": "never" if comparison.fail_on is None else comparison.fail_on.label,
        "old": [escape.json(target) for target in comparison.old],
        "new": [escape.json(target) for target in comparison.new],
        "packages": [_delta(delta) for delta in comparison.packages],
        "same": comparison.same,
        "errors": [failure(row) for row in comparison.errors],
    }


def _delta(delta: Delta) -> Value:
    return {
        "file": escape.json(delta.file),
        "name": escape.json(delta.name),
        "old": [escape.json(version) for version in delta.old],
        "new": [escape.json(version) for version in delta.new],
        "level_old": delta.level_old.label,
        "level_new": delta.level_new.label,
        "begins": delta.begins,
        "refused": delta.refused,
        "appeared": [finding(row) for row in delta.appeared],
        "changed": [
            {"finding": finding(row.finding), "detail": escape.json(row.detail)} for row in delta.changed
        ],
        "vanished": [finding(row) for row in delta.vanished],
        "native_appeared": [escape.json(path) for path in delta.native_appeared],
        "native_vanished": [escape.json(path) for path in delta.native_vanished],
        "not_analysed": [unread(row) for row in delta.not_analysed],
        "uploaded_old": delta.uploaded_old,
        "uploaded_new": delta.uploaded_new,
    }
