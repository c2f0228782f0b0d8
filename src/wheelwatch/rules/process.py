"""A process is started.

Why it matters: A child process is out of sight of every hook of the interpreter. At startup it
starts with each Python process; if it is Python itself, it starts itself again and again.

When it is fine: inside functions of tools that say so. Builds that call a compiler show it as
install.

Instead: a function that the user calls; for build steps a declared build backend.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("payload-process")
KINDS = (Kind.PROCESS,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "starts a process", *KINDS)
