"""A .start file names code that Python 3.15 and later call at every start.

Why it matters: each entry ``module:callable`` (PEP 829) imports the module and calls the callable
before the first line of every program. The module's body runs even when the callable is missing,
and the module may belong to another distribution or to the standard library.

When it is fine: when the entry does the same as the import line of the .pth file beside it, and
both are known.

Instead: an entry point or an explicit call in the program.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedEntry, LinkedPackage, RuleId, StartupKind
from wheelwatch.rules.hit import Hit, of_entry
from wheelwatch.rules.leading import elsewhere

ID = RuleId("startup-entry")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every entry of every .start file; an empty file that only silences is none."""
    for linked in package.entries:
        if linked.entry.kind is StartupKind.START and linked.entry.target:
            yield of_entry(linked, _message(linked) + elsewhere(linked, package), "line")


def _message(linked: LinkedEntry) -> str:
    entry = linked.entry
    text = f"{entry.target} is imported and called at every start of Python 3.15 and later"
    if linked.missing:
        text += f"; nobody here ships {', '.join(linked.missing)}"
    return text
