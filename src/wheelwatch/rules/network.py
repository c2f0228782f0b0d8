"""The network is used.

Why it matters: Code that connects while it is imported, installed or started can send what it finds
and fetch what it runs next.

When it is fine: inside functions that the user calls.

Instead: connect on first use, never on import.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("payload-network")
KINDS = (Kind.NETWORK,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "uses the network", *KINDS)
