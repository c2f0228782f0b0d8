"""What is odd about a zip as a file: headers that disagree, gaps, prefixes, several archives in one."""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive.directory import (
    END_MAGIC,
    FLAG_DESCRIPTOR,
    LOCAL_MAGIC,
    MAX_COMMENT,
    Bytes,
    Directory,
    Entry,
)
from wheelwatch.archive.inflate import LOCAL
from wheelwatch.archive.issue import Issue
from wheelwatch.limits import MIB
from wheelwatch.model import ArchiveIssue

FULL32 = 0xFFFFFFFF


def structure(file: Bytes, directory: Directory) -> list[ArchiveIssue]:
    """Compare the central directory with the bytes that it points to."""
    issues = list(_ends(file, directory))
    spans: list[tuple[int, int, Entry]] = []
    for entry in directory.entries:
        header = file.at(entry.offset, LOCAL.size + len(entry.raw))
        if len(header) < LOCAL.size or header[:4] != LOCAL_MAGIC:
            issues.append(_issue(Issue.HEADER_MISMATCH, entry.text, "there is no header in front of it"))
            continue
        fields = LOCAL.unpack_from(header)
        issues += (
            _issue(Issue.HEADER_MISMATCH, entry.text, text) for text in _differ(header, fields, entry)
        )
        begin = entry.offset + LOCAL.size + int(fields[9]) + int(fields[10])
        spans.append((entry.offset, begin + entry.packed, entry))
    issues += _gaps(file, directory, sorted(spans, key=lambda span: span[:2]))
    return issues


def _differ(header: bytes, fields: tuple[int, ...], entry: Entry) -> Iterator[str]:
    if fields[9] != len(entry.raw) or header[LOCAL.size :] != entry.raw:
        yield "its header has another name"
    if fields[3] != entry.method:
        yield "its header has another compression"
    if (fields[2] ^ entry.flags) & 1:
        yield "its header disagrees on encryption"
    if entry.flags & FLAG_DESCRIPTOR or fields[2] & FLAG_DESCRIPTOR:
        return
    if fields[6] != entry.crc:
        yield "its header has another checksum"
    packed, size = fields[7], fields[8]
    if FULL32 not in (packed, size) and (packed, size) != (entry.packed, entry.size):
        yield "its header has other sizes"


def _ends(file: Bytes, directory: Directory) -> Iterator[ArchiveIssue]:
    if directory.is_cut:
        yield _issue(
            Issue.TRUNCATED, "", "the central directory ends early or has more rows than the limit"
        )
    if directory.end < file.size:
        yield _issue(Issue.TRAILING, "", f"{file.size - directory.end} bytes")
    begin = max(directory.start, file.size - MAX_COMMENT - 22)
    tail = file.at(begin, file.size - begin)
    if tail.count(END_MAGIC) > 1:
        yield _issue(Issue.CONCATENATED, "", "it has more than one end record")


def _gaps(file: Bytes, directory: Directory, spans: list[tuple[int, int, Entry]]) -> Iterator[ArchiveIssue]:
    """Bytes that belong to no member: in front, between, and before the directory."""
    first = spans[0][0] if spans else directory.start
    if first > 0:
        kind = Issue.CONCATENATED if _holds(file, 0, first, END_MAGIC) else Issue.PREFIXED
        yield _issue(kind, "", f"{first} bytes")
    reach = first
    for begin, end, entry in spans:
        if begin < reach:
            yield _issue(Issue.OVERLAP, entry.text, "")
        elif begin > reach and _holds(file, reach, begin, LOCAL_MAGIC):
            yield _issue(Issue.HIDDEN_ENTRY, entry.text, "in front of this member")
        reach = max(reach, end)
    if _holds(file, reach, directory.start, LOCAL_MAGIC):
        yield _issue(Issue.HIDDEN_ENTRY, "", "behind the last member")


def _holds(file: Bytes, begin: int, end: int, magic: bytes) -> bool:
    """Search a stretch of the file for a signature."""
    while begin < end:
        data = file.at(begin, min(MIB, end - begin) + len(magic) - 1)
        if magic in data[: end - begin]:
            return True
        if not data:
            return False
        begin += MIB
    return False


def _issue(issue: Issue, path: str, detail: str) -> ArchiveIssue:
    return ArchiveIssue(issue=issue, path=path, detail=detail)
