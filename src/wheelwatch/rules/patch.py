"""A function that handles secrets or traffic is patched.

Why it matters: Replacing parts of ssl, socket, http, getpass or input shows or changes what the
whole process sends, trusts and is told by its user.

When it is fine: in libraries whose documented purpose it is (gevent, truststore, tracing agents),
when the application calls them.

Instead: configure the client object (an SSLContext, a transport adapter) and leave the module
alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, describe, of_site

ID = RuleId("hook-patch")
KINDS = (Kind.PATCH,)

KEPT = re.compile(r"(?:subprocess|socket|ssl|urllib\.request)\.(?:\w+\.)?_?orig(?:inal)?_\w+")
"""Names beside those of the standard library under which debuggers and tracers keep what they replace.

No Python has them, so nobody but who sets them asks for them.
"""


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    for reached in package.of(*KINDS):
        if KEPT.fullmatch(reached.site.api):
            yield of_site(
                reached, describe(reached, "keeps the original of a patched function"), "patch-kept"
            )
        else:
            yield of_site(reached, describe(reached, "patches a sensitive function"))
