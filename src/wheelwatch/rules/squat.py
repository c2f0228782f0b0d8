"""A module has a name that the standard library tries to import and does not have here.

Why it matters: on Linux ``import subprocess`` tries ``msvcrt``, ``pathlib`` tries ``nt``,
``pickle`` tries ``org.python.core``. A package that ships a module of such a name runs whenever
they are imported, and the standard library hides every error.

When it is fine: on the platform whose module it is.

Instead: another name.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId, StartupKind
from wheelwatch.rules.hit import Hit, of_entry

ID = RuleId("startup-squatted-name")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every squatted name."""
    for linked in package.entries:
        entry = linked.entry
        if entry.kind is StartupKind.SQUAT:
            message = f"{entry.member.path} is run by the standard library, which tries to import that name"
            yield of_entry(linked, message + (f"; {entry.detail}" if entry.detail else ""), "seized")
