"""An exception hook is replaced.

Why it matters: sys.excepthook and its relatives get every uncaught exception with its frames, and
with them all local variables; they may also swallow it.

When it is fine: in error reporters and shells that the application starts, when they call the hook
that was there before.

Instead: catch exceptions at the entry point of the program, or let the application install the
hook.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-exception")
KINDS = (Kind.EXCEPTION,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "replaces an exception hook", *KINDS)
