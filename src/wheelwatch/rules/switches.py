"""A setting of the running interpreter is changed.

Why it matters: recursion limit, tracemalloc, warning and logging hooks and the like change the
behaviour of all code in the process.

When it is fine: in applications. Libraries should leave it alone.

Instead: document the setting and let the application choose it.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-runtime")
KINDS = (Kind.RUNTIME,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "changes a setting of the interpreter", *KINDS)
