"""A sensitive module is reached by a name that cannot be resolved.

Why it matters: getattr(sys, NAME) with a computed NAME reaches sys.settrace, sys.addaudithook or
any other hook without naming it. A name that is decoded or searched for has no other purpose than
not to be found.

When it is fine: when the name comes from a small, visible table, or tests whether an attribute
exists.

Instead: write the attribute, or getattr with a literal name and a default.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, Reached, RuleId
from wheelwatch.rules.hit import Hit, describe, of_site

ID = RuleId("hook-dynamic-access")
KINDS = (Kind.DYNAMIC_ACCESS,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every access; whether the name is hidden decides on the row of the table."""
    for reached in package.of(*KINDS):
        yield of_site(reached, describe(reached, "reaches an attribute by a computed name"), _row(reached))


def _row(reached: Reached) -> str:
    return "access-hidden" if reached.site.obfuscated else "access"
