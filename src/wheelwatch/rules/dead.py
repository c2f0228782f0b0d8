"""An audit hook waits for an event that no CPython raises.

Why it matters: the hook never acts on it. Where it was meant to forbid something, it forbids nothing:
the event of os.system is os.system and not system, that of open is open and not builtins.open.

When it is fine: for events that the package raises itself with sys.audit.

Instead: the names of the table of audit events in Python's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.catalogue.audit import is_raised
from wheelwatch.model import Deed, Kind, LinkedPackage, RuleId
from wheelwatch.rules.conduct import names, of, who
from wheelwatch.rules.hit import Hit, of_callback

ID = RuleId("callback-dead-event")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every audit hook that compares the event with such a name."""
    for reached in package.sites:
        conduct = reached.conduct
        if conduct is None or reached.site.kind is not Kind.AUDIT:
            continue
        dead = [act for act in of(conduct, Deed.EVENT) if act.text and not is_raised(act.text)]
        if dead:
            text = f"{who(conduct)} waits for {names(dead)}, which no CPython raises"
            yield of_callback(reached, text, "callback-dead-event")
