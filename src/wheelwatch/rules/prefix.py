"""A file outside site-packages changes how the interpreter or a tool starts.

Why it matters: ``lib/python3XX.zip`` comes before the standard library on the import path and runs
even under ``-I -S``; a ``._pth`` beside the executable replaces the whole path; ``bin/python`` and
``bin/activate`` run before anything else.

When it is fine: in the distribution of an interpreter itself.

Instead: entry points for scripts, package data for files.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId, StartupKind
from wheelwatch.rules.hit import Hit, of_entry

ID = RuleId("startup-prefix")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every such file."""
    for linked in package.entries:
        entry = linked.entry
        if entry.kind is StartupKind.PREFIX:
            message = f"{entry.member.path} changes how the interpreter or a tool starts"
            yield of_entry(linked, message + (f"; {entry.detail}" if entry.detail else ""), "seized")
