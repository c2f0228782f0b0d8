"""Nothing proves that the file is the one that its index means.

Why it matters: without a hash whoever stands in between, or holds the server, can hand out another file
each time; what was judged may not be what is installed later. pip and uv take such files in silence.

When it is fine: a server of your own that lists files without hashes, reached over a way that you trust.

Instead: have the index name sha256, or install from the lock that `--write-lock` writes: it has the hash.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.issue import of_issues

ID = RuleId("index-no-hash")
ISSUES = frozenset({Issue.NO_HASH})


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on a file without a hash that counts."""
    yield from of_issues(package, ISSUES)
