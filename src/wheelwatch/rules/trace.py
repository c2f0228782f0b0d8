"""A trace function is installed.

Why it matters: sys.settrace and its threading forms call a function for every line, call and return
of a thread. It reads every local variable of every frame, passwords and tokens among them, can
rewrite them and can jump. It also makes everything several times slower.

When it is fine: in a debugger or a coverage tool that was started on purpose, inside a function
that only the tool calls. Not while a package is imported, and not at interpreter start.

Instead: start the debugger or coverage from outside (python -m pdb, coverage run), or use
sys.monitoring with a tool id of its own on Python 3.12 and later.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-trace")
KINDS = (Kind.TRACE,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "installs a trace function", *KINDS)
