"""A profile function is installed.

Why it matters: sys.setprofile and its threading forms call a function at every call and return,
also of C functions. It sees arguments and results of all code in the process.

When it is fine: in a profiler that was started on purpose, for the time of one measurement.

Instead: run the profiler from outside (python -m cProfile), or use sys.monitoring on Python 3.12
and later; sampling profilers need no hook at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-profile")
KINDS = (Kind.PROFILE,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "installs a profile function", *KINDS)
