"""Code is registered to run at each fork.

Why it matters: os.register_at_fork runs code in every child process and in its parent, and cannot
be taken back.

When it is fine: to renew locks, random state or connections of the package itself after a fork.

Instead: check os.getpid() where it matters, or start processes with spawn.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-fork")
KINDS = (Kind.FORK,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "registers code for forks", *KINDS)
