"""A member has a name that readers and installers understand differently.

Why it matters: with duplicates, .., NUL, Unicode path fields or foreign .data folders a reviewer
sees one file and the installer writes another.

When it is fine: never on purpose; a few old build tools write duplicate entries of equal content.

Instead: build the wheel with a current backend.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.issue import of_issues

ID = RuleId("archive-names")
ISSUES = frozenset(
    {
        Issue.DUPLICATE,
        Issue.CLIMBING,
        Issue.NORMALISED,
        Issue.NUL_NAME,
        Issue.BAD_NAME,
        Issue.UNICODE_PATH,
        Issue.FOREIGN_DATA,
        Issue.BAD_SCHEME,
        Issue.INSTALLER_DIFFERENCE,
    }
)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every such issue."""
    yield from of_issues(package, ISSUES)
