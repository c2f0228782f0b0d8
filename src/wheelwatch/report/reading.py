"""A JSON report read back, as far as a package and its findings can be explained from it."""

from __future__ import annotations

from typing import Any

import msgspec

from wheelwatch.model import Finding, Level, Package, Severity

PREFIX = "wheelwatch-report-1."


class FormError(ValueError):
    """The text is no report of this program."""


def packages(data: bytes) -> tuple[Package, ...]:
    """The packages of a report.

    Raises:
        FormError: it is none, or one of another major version.
    """
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FormError(f"is no JSON: {error}") from error
    if not isinstance(document, dict) or not str(document.get("schema", "")).startswith(PREFIX):
        raise FormError(f"is no report of the schema {PREFIX}x")
    try:
        return tuple(_package(row) for row in document["packages"])
    except (msgspec.ValidationError, KeyError, TypeError, AttributeError) as error:
        raise FormError(f"is not the report that it says: {error}") from error


def _package(row: dict[str, Any]) -> Package:
    whole = {**row, "level": Level[row["level"].upper()], "not_analysed": (), "origin": None}
    whole["findings"] = tuple(_finding(finding) for finding in row["findings"])
    return msgspec.convert(whole, Package, strict=False)


def _finding(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "severity": Severity[row["severity"].upper()]}


def finding(found: tuple[Package, ...], fingerprint: str) -> tuple[Package, Finding] | None:
    """The first finding of this fingerprint, with its package."""
    for package in found:
        for one in package.findings:
            if one.fingerprint == fingerprint:
                return package, one
    return None
