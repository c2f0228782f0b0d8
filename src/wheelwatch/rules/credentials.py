"""Stored credentials are read.

Why it matters: Key files, cloud credentials, browser stores and keyrings hold what attackers of
developers and CI look for first.

When it is fine: in clients of that very service, when the user calls them.

Instead: take the credential as an argument, or ask the documented provider chain when a connection
is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("payload-credentials")
KINDS = (Kind.CREDENTIALS,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "reads credentials", *KINDS)
