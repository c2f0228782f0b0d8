"""A file has been in the index for fewer days than the policy asks for.

Why it matters: most malicious releases are found and removed within days. Who waits gets what others
have looked at; litellm 1.82.8 was in the index for some hours only.

When it is fine: for a fix that cannot wait, and for releases of your own: an exception for the
package at the trigger install, with the reason.

Instead: take the release before; wait until it is old enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit

ID = RuleId("policy-age")


def find(_package: LinkedPackage) -> Iterator[Hit]:
    """Nothing: only the gate knows how old a file must be, and makes the finding."""
    yield from ()
