"""A function that handles secrets or traffic is patched.

Why it matters: Replacing parts of ssl, socket, http, getpass or input shows or changes what the
whole process sends, trusts and is told by its user.

When it is fine: in libraries whose documented purpose it is (gevent, truststore, tracing agents),
when the application calls them.

Instead: configure the client object (an SSLContext, a transport adapter) and leave the module
alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-patch")
KINDS = (Kind.PATCH,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "patches a sensitive function", *KINDS)
