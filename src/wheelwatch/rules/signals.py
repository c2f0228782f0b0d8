"""A signal handler or timer is installed.

Why it matters: A handler runs between any two instructions, can keep a process alive that should
end, and a timer makes it run again and again.

When it is fine: in the main program, or a server that documents it.

Instead: let the application install the handler; signal.set_wakeup_fd or asyncio for libraries.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-signal")
KINDS = (Kind.SIGNAL,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "handles a signal", *KINDS)
