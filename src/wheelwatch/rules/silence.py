"""A .start file switches off the .pth file of another distribution.

Why it matters: on Python 3.15 and later a readable ``name.start``, even an empty one, discards
every import line of the ``name.pth`` beside it. Installers see no clash. It can switch off
coverage, a security agent, or setuptools' own hook.

When it is fine: when both files belong to one distribution, which is how PEP 829 wants it.

Instead: a name of your own.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_entry

ID = RuleId("startup-silenced")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit for each .pth of somebody else that a .start file of this distribution silences."""
    own = {member.path for member in package.distribution.members}
    seen: set[tuple[str, str]] = set()
    for linked in package.entries:
        entry = linked.entry
        pair = (entry.member.path, entry.silences)
        if entry.silences and entry.silences not in own and pair not in seen:
            seen.add(pair)
            yield of_entry(
                linked, f"{entry.member.path} switches off {entry.silences}, which is not its own", "seized"
            )
