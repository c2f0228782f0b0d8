"""The callback of a hook makes the whole program slow.

Why it matters: a trace function that returns itself for every call is called again for every line of
all code; with opcode events for every instruction; one that waits, or sets a further trace, stops the
program. What takes a second takes a minute: a denial of service that looks like a bug elsewhere.

When it is fine: in a debugger or a tracer that runs for a moment, on purpose.

Instead: return None for code that is not wanted, or use sys.monitoring with the events and the code
objects that are.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Act, Conduct, Deed, Kind, LinkedPackage, Reached, RuleId
from wheelwatch.rules.conduct import WATCHES, names, of, who
from wheelwatch.rules.hit import Hit, of_callback

ID = RuleId("callback-cost")
NESTED = frozenset({Kind.TRACE, Kind.PROFILE})
EVERYTHING = "asks for every event"


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every hook that sees frames and whose callback costs more than it must."""
    for reached in package.sites:
        conduct = reached.conduct
        if conduct is None or reached.site.kind not in WATCHES:
            continue
        costs = _costs(reached, conduct)
        if costs:
            yield of_callback(reached, f"{who(conduct)} {names(costs)}", "callback-cost")


def _costs(reached: Reached, conduct: Conduct) -> list[Act]:
    """What costs; code that is filtered is not all code."""
    is_choosy = bool(of(conduct, Deed.FILTERS))
    found = [act for act in of(conduct, Deed.COSTS) if not (is_choosy and act.text.startswith(EVERYTHING))]
    nested = [
        site
        for site in conduct.sites
        if site.kind in NESTED and site.callback is not None and not site.clears
        if site.line != reached.site.line
    ]
    found += [
        Act(deed=Deed.COSTS, scope=site.scope, line=site.line, text=f"sets a further hook with {site.api}")
        for site in nested
    ]
    return found
