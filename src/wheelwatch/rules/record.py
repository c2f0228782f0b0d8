"""RECORD and the files disagree.

Why it matters: RECORD is what a distribution says of its own files. Installers do not check it: a
changed or added file installs and runs all the same, and a startup file that RECORD does not list
stays when the package is removed.

When it is fine: files that tools rewrite after the installation; system packages that ship no
RECORD.

Instead: reinstall from the index; for your own wheels let the build backend write RECORD.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.issue import of_issues

ID = RuleId("archive-record")
ISSUES = frozenset(
    {
        Issue.RECORD_HASH,
        Issue.RECORD_UNLISTED,
        Issue.RECORD_MISSING,
        Issue.RECORD_ABSENT,
        Issue.RECORD_INVALID,
        Issue.OVERWRITTEN,
    }
)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every such issue."""
    yield from of_issues(package, ISSUES)
