"""A startup file belongs to no installed distribution.

Why it matters: no RECORD lists it, so no installer put it there, none will remove it, and nobody
answers for it. Malware that wants to survive the removal of its package leaves exactly such a file.

When it is fine: files that tools write at run time (virtualenv, old editable installs); known ones
are info.

Instead: ship the file in a distribution, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, PackageKind, RuleId, StartupKind
from wheelwatch.rules.hit import Hit, of_entry

ID = RuleId("startup-unowned")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """One hit for each unowned file that executes something and is not known."""
    if package.distribution.kind is not PackageKind.UNOWNED:
        return
    seen: set[str] = set()
    for linked in package.entries:
        path = linked.entry.member.path
        if linked.entry.kind is StartupKind.PTH_PATH or linked.known or path in seen:
            continue
        seen.add(path)
        yield of_entry(linked, f"{path} runs at every start and belongs to no distribution", "seized")
