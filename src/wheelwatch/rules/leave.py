"""Code is registered to run when the interpreter exits.

Why it matters: atexit and finalizers run after the program has ended, when nobody looks.

When it is fine: to flush and close what the package itself has opened.

Instead: a context manager, or a close() that the caller calls.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-exit")
KINDS = (Kind.EXIT,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "registers code for the exit", *KINDS)
