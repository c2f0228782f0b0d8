"""The archive disagrees with itself about what it is.

Why it matters: one name on the file, another in METADATA: tools that go by one and tools that go by
the other see two packages.

When it is fine: folders that were unpacked or renamed by hand.

Instead: rename the file as METADATA says, or build it again.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.issue import of_issues

ID = RuleId("archive-identity")
ISSUES = frozenset(
    {
        Issue.NAME_MISMATCH,
        Issue.BAD_FILENAME,
        Issue.METADATA_ABSENT,
        Issue.METADATA_SEVERAL,
    }
)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every such issue."""
    yield from of_issues(package, ISSUES)
