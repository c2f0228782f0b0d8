"""The index has withdrawn the file.

Why it matters: maintainers and indexes yank releases that are broken or that somebody else published.

When it is fine: a release that was withdrawn for a mistake that does not touch you.

Instead: read the reason and take the next release.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.issue import of_issues

ID = RuleId("index-yanked")
ISSUES = frozenset({Issue.YANKED})


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on a yanked file."""
    yield from of_issues(package, ISSUES)
