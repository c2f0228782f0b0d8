"""The callback of a hook changes what the program does.

Why it matters: a trace function may write the variables of a frame, jump to another line, and change
the arguments and results that pass by. A check of a password, a signature or a version then says what
the callback wants, and the source of the check shows nothing of it.

When it is fine: in a debugger, on the command of the one who debugs.

Instead: change the program, or patch a function openly in a test.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Deed, LinkedPackage, RuleId
from wheelwatch.rules.conduct import WATCHES, names, of, who
from wheelwatch.rules.hit import Hit, of_callback

ID = RuleId("callback-rewrite")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every hook that sees frames and whose callback changes them."""
    for reached in package.sites:
        conduct = reached.conduct
        if conduct is None or reached.site.kind not in WATCHES:
            continue
        changes = of(conduct, Deed.REWRITES)
        if changes:
            yield of_callback(reached, f"{who(conduct)} changes {names(changes)}", "callback-kept")
