"""A known startup line calls a module that is not the known one.

Why it matters: the line reads like that of setuptools, virtualenv or coverage, but the module that
it names has other content or another owner. Whoever trusts the line runs somebody else's code.

When it is fine: when the tool has a newer release than the known ones; compare the module with the
release.

Instead: reinstall the distribution from its index.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_entry

ID = RuleId("startup-foreign-module")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every known line whose module is not its own."""
    for linked in package.entries:
        if linked.foreign:
            place = f"line {linked.entry.line} of {linked.entry.member.path}"
            yield of_entry(linked, f"{place} is a known line, but not the module that it calls", "seized")
