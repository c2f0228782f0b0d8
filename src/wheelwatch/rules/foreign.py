"""A known startup line calls a module that is not the known one.

Why it matters: the line reads like that of setuptools, virtualenv or coverage, but the module that
it names belongs to another distribution. Whoever trusts the line runs somebody else's code.

When it is fine: when both were split by a system packager who ships the tool in parts.

Instead: reinstall the distribution from its index, and find out who ships the module.
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
            yield of_entry(
                linked,
                f"{place} is a known line, but the module that it calls belongs to somebody else",
                "seized",
            )
