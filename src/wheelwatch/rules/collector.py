"""The garbage collector calls code or is searched.

Why it matters: A function in gc.callbacks runs again and again from within any code; gc.get_objects
finds every object of the process.

When it is fine: in memory profilers and leak finders.

Instead: weakref callbacks on the objects that matter.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-gc")
KINDS = (Kind.GC,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "hooks the garbage collector", *KINDS)
