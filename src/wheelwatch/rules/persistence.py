"""A file is written that some program runs by itself.

Why it matters: Writing a .pth, a sitecustomize, a shell profile, a crontab or authorized_keys makes
code run long after the package is gone.

When it is fine: in installers and environment managers, on the request of the user.

Instead: declare entry points; ask the user to edit profiles.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("payload-startup-write")
KINDS = (Kind.STARTUP_WRITE,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "writes a file that runs by itself", *KINDS)
