"""What the process shows or reads is intercepted.

Why it matters: sys.displayhook, sys.breakpointhook and the standard streams carry all that the user
sees and types.

When it is fine: in shells, test runners that capture output, and terminal colour support.

Instead: pass a stream to the code that writes; contextlib.redirect_stdout for a block.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-display")
KINDS = (Kind.DISPLAY,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "replaces a display or standard stream hook", *KINDS)
