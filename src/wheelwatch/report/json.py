"""The JSON report, in the form of ``schema.json`` beside this module."""

from __future__ import annotations

import json
from typing import TypeAlias

import msgspec

from wheelwatch import escape
from wheelwatch.model import (
    Approval,
    Evidence,
    Failure,
    Finding,
    Ledger,
    Origin,
    Package,
    Report,
    Standing,
    Step,
    Unread,
)

SCHEMA = "wheelwatch-report-1.1"

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | bool | None"


def render(report: Report) -> str:
    """The report as JSON text: ASCII only, so that no reader's encoding and no terminal alters it."""
    return escape.document(json.dumps(document(report), indent=2)) + "\n"


def document(report: Report) -> dict[str, Value]:
    """The report as plain values, field by field as DESIGN section 6 lists them."""
    return {
        "schema": SCHEMA,
        "wheelwatch": report.wheelwatch,
        "outcome": report.outcome.value,
        "complete": report.complete,
        "fail_on": "never" if report.fail_on is None else report.fail_on.label,
        "targets": [escape.json(target) for target in report.targets],
        "pythons": list(report.pythons),
        "packages": [_package(package) for package in report.packages],
        "errors": [failure(row) for row in report.errors],
        "baseline": None if report.baseline is None else _ledger(report.baseline),
        "policy": optional(report.policy),
        "disabled": list(report.disabled),
    }


def _package(package: Package) -> Value:
    return {
        "name": escape.json(package.name),
        "version": escape.json(package.version),
        "kind": package.kind.value,
        "location": escape.json(package.location),
        "sha256": package.sha256,
        "score": package.score,
        "level": package.level.label,
        "findings": [finding(row) for row in package.findings],
        "not_analysed": [unread(row) for row in package.not_analysed],
        "origin": None if package.origin is None else _origin(package.origin),
        "native": [escape.json(path) for path in package.native],
    }


def _origin(row: Origin) -> Value:
    return {
        "requirement": escape.json(row.requirement),
        "file": escape.json(row.file),
        "line": row.line,
        "path": [escape.json(name) for name in row.path],
        "url": escape.json(row.url),
        "uploaded": row.uploaded,
        "cached": row.cached,
    }


def finding(row: Finding) -> Value:
    """One finding."""
    return {
        "rule": row.rule,
        "severity": row.severity.label,
        "trigger": row.trigger.value,
        "confidence": row.confidence.value,
        "applies": row.applies,
        "api": optional(row.api),
        "message": escape.json(row.message),
        "path": escape.json(row.path),
        "line": row.line,
        "column": row.column,
        "snippet": escape.json(row.snippet),
        "chain": [_step(step) for step in row.chain],
        "pythons": list(row.pythons),
        "known": row.known,
        "fingerprint": row.fingerprint,
        "evidence": [_evidence(piece) for piece in row.evidence],
        "standing": _standing(row.standing),
    }


def _step(step: Step) -> Value:
    return {
        "package": escape.json(step.package),
        "path": escape.json(step.path),
        "line": step.line,
        "what": escape.json(step.what),
        "guard": optional(step.guard),
    }


def unread(row: Unread) -> Value:
    """One file that was not analysed."""
    return {
        "path": escape.json(row.path),
        "reason": row.reason.value,
        "detail": escape.json(row.detail),
        "trigger": row.trigger.value,
        "fingerprint": row.fingerprint,
        "decisive": row.decisive,
        "standing": _standing(row.standing),
    }


def _evidence(piece: Evidence) -> Value:
    return {
        "path": escape.json(piece.path),
        "function": escape.json(piece.function),
        "digest": piece.digest,
    }


def _standing(row: Standing | None) -> Value:
    if row is None:
        return None
    return {
        "ruling": row.ruling.value,
        "must": row.must,
        "reason": escape.json(row.reason),
        "who": escape.json(row.who),
        "date": row.date,
        "expires": row.expires,
        "detail": escape.json(row.detail),
    }


def _ledger(ledger: Ledger) -> Value:
    return {
        "path": escape.json(ledger.path),
        "stale": [_approval(row) for row in ledger.stale],
        "expired": [_approval(row) for row in ledger.expired],
    }


def _approval(row: Approval) -> Value:
    return {key: escape.json(value) for key, value in msgspec.structs.asdict(row).items()}


def failure(row: Failure) -> Value:
    """One part of the job that could not be done."""
    return {
        "where": escape.json(row.where),
        "what": escape.json(row.what),
        "hint": escape.json(row.hint),
    }


def optional(text: str | None) -> str | None:
    """Text that may be missing."""
    return None if text is None else escape.json(text)
