"""A .start file names code that Python 3.15 and later call at every start.

Why it matters: each entry ``module:callable`` (PEP 829) imports the module and calls the callable
before the first line of every program. The module's body runs even when the callable is missing.
The module may belong to another distribution or to the standard library, so that the code which runs
stands nowhere in the distribution that has it run: http.server:test, code:interact.

When it is fine: when the entry does the same as the import line of the .pth file beside it, and
both are known.

Instead: an entry point or an explicit call in the program.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedEntry, LinkedPackage, RuleId, StartupKind
from wheelwatch.rules.hit import Hit, of_entry
from wheelwatch.rules.leading import elsewhere
from wheelwatch.rules.ownership import modules, owns_all

ID = RuleId("startup-entry")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every entry of every .start file; an empty file that only silences is none."""
    own = modules(package.distribution)
    for linked in package.entries:
        if linked.entry.kind is StartupKind.START and linked.entry.target:
            foreign = not owns_all(own, linked.entry.target.partition(":")[0])
            message = _message(linked, package if foreign else None) + elsewhere(linked, package)
            yield of_entry(linked, message, "seized" if foreign else "line")


def _message(linked: LinkedEntry, stranger: LinkedPackage | None) -> str:
    entry = linked.entry
    text = f"{entry.target} is imported and called at every start of Python 3.15 and later"
    if stranger is not None:
        text += f"; the module is not one of {stranger.distribution.name}"
    if linked.missing:
        text += f"; nobody here ships {', '.join(linked.missing)}"
    return text
