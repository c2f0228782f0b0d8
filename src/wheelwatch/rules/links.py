"""A member is no plain file.

Why it matters: links can lead out of the place of installation, devices and pipes do something else
than hold bytes, and nobody can look into encrypted members.

When it is fine: links within an sdist that point to files of the same sdist.

Instead: ship plain files.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.issue import of_issues

ID = RuleId("archive-members")
ISSUES = frozenset(
    {
        Issue.SYMLINK,
        Issue.HARD_LINK,
        Issue.SPECIAL,
        Issue.ENCRYPTED,
    }
)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every such issue."""
    yield from of_issues(package, ISSUES)
