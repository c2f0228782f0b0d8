"""The JSON report, in the form of ``schema.json`` beside this module."""

from __future__ import annotations

import json
from typing import TypeAlias

from wheelwatch import escape
from wheelwatch.model import Failure, Finding, Package, Report, Step, Unread

SCHEMA = "wheelwatch-report-1.0"

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | bool | None"


def render(report: Report) -> str:
    """The report as JSON text: ASCII only, so that no reader's encoding and no terminal alters it."""
    return json.dumps(document(report), indent=2) + "\n"


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
        "errors": [_failure(failure) for failure in report.errors],
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
        "findings": [_finding(finding) for finding in package.findings],
        "not_analysed": [_unread(unread) for unread in package.not_analysed],
    }


def _finding(finding: Finding) -> Value:
    return {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "trigger": finding.trigger.value,
        "confidence": finding.confidence.value,
        "applies": finding.applies,
        "api": _optional(finding.api),
        "message": escape.json(finding.message),
        "path": escape.json(finding.path),
        "line": finding.line,
        "column": finding.column,
        "snippet": escape.json(finding.snippet),
        "chain": [_step(step) for step in finding.chain],
        "pythons": list(finding.pythons),
        "known": finding.known,
        "fingerprint": finding.fingerprint,
    }


def _step(step: Step) -> Value:
    return {
        "package": escape.json(step.package),
        "path": escape.json(step.path),
        "line": step.line,
        "what": escape.json(step.what),
        "guard": _optional(step.guard),
    }


def _unread(unread: Unread) -> Value:
    return {
        "path": escape.json(unread.path),
        "reason": unread.reason.value,
        "detail": escape.json(unread.detail),
        "trigger": unread.trigger.value,
        "fingerprint": unread.fingerprint,
    }


def _failure(failure: Failure) -> Value:
    return {
        "where": escape.json(failure.where),
        "what": escape.json(failure.what),
        "hint": escape.json(failure.hint),
    }


def _optional(text: str | None) -> str | None:
    return None if text is None else escape.json(text)
