"""An audit hook stops what the program wants to do.

Why it matters: an audit hook that raises forbids the action in the whole process, cannot be removed,
and the program sees an error that no documentation names. One that ends the process ends it for
everybody.

When it is fine: in a sandbox that the application sets up for itself, and that raises on dangerous
actions only (processes, sockets, ctypes): it is named defensive, and is info.

Instead: rights of the operating system, or a hook that reports and lets pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.catalogue.audit import is_dangerous, is_raised
from wheelwatch.model import Deed, Kind, LinkedPackage, RuleId
from wheelwatch.rules.conduct import names, of, who
from wheelwatch.rules.hit import Hit, of_callback

ID = RuleId("callback-veto")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every audit hook that raises or ends the process."""
    for reached in package.sites:
        conduct = reached.conduct
        if conduct is None or reached.site.kind is not Kind.AUDIT:
            continue
        vetoes, events = of(conduct, Deed.VETOES), of(conduct, Deed.EVENT)
        raised = [act for act in events if is_raised(act.text)]
        if not vetoes or (events and not raised):
            continue  # it waits for events that never come, which is another finding
        text = f"{who(conduct)} {names(vetoes)} "
        if raised and all(is_dangerous(act.text) for act in raised):
            yield of_callback(reached, f"{text}on {names(raised)} only: a defensive hook", "callback-guard")
        else:
            yield of_callback(
                reached, text + (f"on {names(raised)}" if raised else "on any event"), "callback-veto"
            )
