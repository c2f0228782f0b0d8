"""A builtin function is replaced.

Why it matters: Whoever replaces builtins such as __import__, open, input or exec sees what all code
of the process imports, opens or asks the user for.

When it is fine: in an interactive shell or debugger that owns the process.

Instead: a name of your own: pass the changed function to the code that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-builtins")
KINDS = (Kind.BUILTINS,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "replaces a builtin", *KINDS)
