"""Two indexes have a package of this name, and not the same.

Why it matters: whoever may publish under the name on one of them decides what is installed: pip takes
the highest version of all indexes, uv the first index that has the name (dependency confusion).

When it is fine: builds of one project for other hardware on an index of its own, which you have pinned.

Instead: name one index, pin the version with its hash, or reserve the name on the public index.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.issue import of_issues

ID = RuleId("index-same-name")
ISSUES = frozenset({Issue.TWO_INDEXES})


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit when indexes differ."""
    yield from of_issues(package, ISSUES)
