"""The callback of a hook passes on what it sees.

Why it matters: a trace, profile or monitoring function sees every variable, argument and result of
every frame. One that prints, writes, logs or sends them hands out passwords, tokens and customer data;
one that looks for words such as password or token was made for that.

When it is fine: in a debugger or a tracer that somebody starts on purpose, on the code that he debugs;
in an error reporter that the application sets up, with its list of what not to send.

Instead: log in the code that knows what it may log; record names and lines, not values.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Act, Conduct, Kind, LinkedPackage, Reached, RuleId
from wheelwatch.rules.conduct import (
    VALUES,
    WATCHES,
    is_kept_inside,
    names,
    reads_locals,
    secrets,
    sent,
    stored,
    who,
)
from wheelwatch.rules.hit import Hit, of_callback

ID = RuleId("callback-leak")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every hook whose callback sends or keeps what it is shown."""
    for reached in package.sites:
        conduct = reached.conduct
        if conduct is None:
            continue
        found = _leak(reached, conduct)
        if found is not None:
            way, row = found
            words = secrets(conduct)
            looks = f", looks for {words}" if words else ""
            yield of_callback(reached, f"{who(conduct)} {way}{looks}", row)


def _leak(reached: Reached, conduct: Conduct) -> tuple[str, str] | None:
    """What it does with which values, and the row of the table."""
    kind = reached.site.kind
    values = VALUES.get(kind, frozenset())
    channel = sent(conduct, values)
    if channel and (kind in WATCHES or kind is Kind.AUDIT):
        what = "variables of frames" if reads_locals(conduct) else "what it is shown"
        return f"sends {what} with {channel}", "callback"
    if channel and reads_locals(conduct):
        return f"sends variables of frames with {channel}", "callback-kept"
    keepers = stored(conduct) if kind in WATCHES else []
    if keepers:
        return f"reads f_locals and stores what it finds with {names(keepers)}", _kept(conduct, keepers)
    return None


def _kept(conduct: Conduct, keepers: list[Act]) -> str:
    if secrets(conduct):
        return "callback"
    return "callback-collects" if all(map(is_kept_inside, keepers)) else "callback-kept"
