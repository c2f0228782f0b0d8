"""A .pth file puts a folder or zip on the import path.

Why it matters: modules of that folder can be imported by every program, a ``sitecustomize`` in it
runs at every start, and missing optional modules of the standard library are found there.

When it is fine: editable installs, and folders that belong to the package. What starts from there
is a finding of its own.

Instead: install the package.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId, StartupKind
from wheelwatch.rules.hit import Hit, of_entry

ID = RuleId("startup-path")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every path line."""
    for linked in package.entries:
        entry = linked.entry
        if entry.kind is StartupKind.PTH_PATH:
            message = f"{entry.member.path} puts {entry.target or entry.text.strip()} on the import path"
            yield of_entry(linked, message, "path")
