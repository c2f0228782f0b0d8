"""RECORD: its rows, and how they compare with the files that are there."""

from __future__ import annotations

import binascii
import csv
import io
import posixpath
from collections.abc import Iterable, Mapping

import msgspec

from wheelwatch.archive.issue import Issue
from wheelwatch.model import ArchiveIssue

ALGORITHMS = frozenset(
    {"sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s"}
)
"""Hashes that count; the wheel format excludes md5, sha1 and what is weaker than sha256."""

URLSAFE = str.maketrans("-_", "+/")

UNSIGNED = ("RECORD", "RECORD.jws", "RECORD.p7s")
"""Files of the metadata folder that need not be listed."""

csv.field_size_limit(1 << 24)


class Row(msgspec.Struct, frozen=True):
    """One row: a path relative to the site directory, an algorithm and a digest, or neither."""

    path: str
    algorithm: str = ""
    digest: bytes = b""


class Record(msgspec.Struct, frozen=True):
    """All rows, the last of several for one path counts; ``damage`` says what could not be read."""

    rows: Mapping[str, Row]
    damage: tuple[str, ...] = ()


def record(data: bytes, limit: int) -> Record:
    """Parse RECORD; at most ``limit`` rows."""
    rows: dict[str, Row] = {}
    damage: list[str] = []
    text = io.StringIO(data.decode("utf-8", "surrogateescape"), newline="")
    reader = csv.reader(text)
    try:
        for fields in reader:
            if len(rows) >= limit:
                damage.append("more rows than the limit")
                break
            _add(fields, rows, damage)
    except csv.Error as error:
        damage.append(f"line {reader.line_num}: {error}")
    return Record(rows, tuple(damage[:10]))


def _add(fields: list[str], rows: dict[str, Row], damage: list[str]) -> None:
    if not fields or not fields[0]:
        return
    path = _normal(fields[0])
    hashed = fields[1] if len(fields) > 1 else ""
    if not hashed:
        rows[path] = Row(path)
        return
    algorithm, _, text = hashed.partition("=")
    try:
        digest = binascii.a2b_base64(text.translate(URLSAFE) + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm not in ALGORITHMS or not digest:
        damage.append(f"{path}: no hash that counts")
        rows[path] = Row(path)
        return
    rows[path] = Row(path, algorithm, digest)


def _normal(path: str) -> str:
    if "\\" in path:
        path = path.replace("\\", "/")
    return posixpath.normpath(path)


def compare(
    listed: Record, paths: Iterable[str], info: str, digests: Mapping[str, bytes]
) -> list[ArchiveIssue]:
    """Compare RECORD with the files of an archive or of the folders that a distribution owns.

    Args:
        listed: the parsed RECORD.
        paths: every file, relative to where RECORD's paths start.
        info: the ``*.dist-info`` folder.
        digests: of the files that could be hashed, by RECORD's algorithm.
    """
    issues = [_issue(Issue.RECORD_INVALID, f"{info}/RECORD", text) for text in listed.damage]
    free = {f"{info}/{name}" for name in UNSIGNED}
    present = set(paths)
    for path in sorted(present - free):
        row = listed.rows.get(path)
        if row is None:
            issues.append(_issue(Issue.RECORD_UNLISTED, path, ""))
        elif not row.algorithm:
            if not path.endswith(".pyc"):
                issues.append(_issue(Issue.RECORD_INVALID, path, "it is listed without a hash"))
        elif (found := digests.get(path)) is not None and found != row.digest:
            issues.append(_issue(Issue.RECORD_HASH, path, _difference(row, found)))
    missing = sorted(path for path in listed.rows if path not in present and path not in free)
    issues += [_issue(Issue.RECORD_MISSING, path, "") for path in missing]
    return issues


def _difference(row: Row, found: bytes) -> str:
    return f"RECORD has {row.algorithm} {_short(row.digest)}, the file has {_short(found)}"


def _short(digest: bytes) -> str:
    return digest.hex()[:16]


def _issue(issue: Issue, path: str, detail: str) -> ArchiveIssue:
    return ArchiveIssue(issue=issue, path=path, detail=detail)
