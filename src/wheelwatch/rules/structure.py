"""The container is not built as it says.

Why it matters: headers that disagree, hidden or overlapping entries and several archives in one
file show different content to different readers; bombs exhaust whoever unpacks them.

When it is fine: never on purpose; a truncated download is an accident.

Instead: download again and compare hashes; build with a current backend.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.issue import of_issues

ID = RuleId("archive-structure")
ISSUES = frozenset(
    {
        Issue.HEADER_MISMATCH,
        Issue.HIDDEN_ENTRY,
        Issue.OVERLAP,
        Issue.PREFIXED,
        Issue.TRAILING,
        Issue.CONCATENATED,
        Issue.BOMB,
        Issue.TOO_MANY,
        Issue.TRUNCATED,
    }
)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every such issue."""
    yield from of_issues(package, ISSUES)
