"""What the callback of a hook does, for the rules about callbacks and for the words of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wheelwatch.model import Act, Conduct, Deed, Kind, Reached

WATCHES = frozenset({Kind.TRACE, Kind.PROFILE, Kind.MONITOR})
"""Hooks that see frames."""

VALUES: Mapping[Kind, frozenset[str]] = {
    Kind.TRACE: frozenset({"locals", "p2"}),
    Kind.PROFILE: frozenset({"locals", "p2"}),
    Kind.MONITOR: frozenset({"locals", "p2", "p3"}),
    Kind.AUDIT: frozenset({"locals", "p1"}),
    Kind.EXCEPTION: frozenset({"locals"}),
    Kind.IMPORT: frozenset({"locals"}),
}
"""By family: whose values a callback is shown."""

LOCALS = frozenset({"locals"})
CARRIERS = frozenset({Kind.NETWORK, Kind.PROCESS})
"""Capabilities by which a value gets out of the process."""

OUTWARD = frozenset(
    {"print", "write", "writelines", "write_text", "write_bytes", "dump", "info", "debug", "warning"}
    | {"error", "critical", "exception", "log", "pprint", "execute", "executemany", "echo", "secho", "save"}
)
"""Calls that bring a value out of the memory of the process."""

SHOWN = 3
"""Names of each kind that a sentence holds."""


def of(conduct: Conduct, *deeds: Deed) -> list[Act]:
    """The acts of these deeds, in order."""
    return [act for act in conduct.acts if act.deed in deeds]


def names(acts: Iterable[Act]) -> str:
    """What the acts name, each once, the first few of them."""
    found = list(dict.fromkeys(act.text for act in acts if act.text))
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def reads_locals(conduct: Conduct) -> bool:
    """Whether variables of a frame are read, other than to learn the name of a class."""
    return any(act.text == "f_locals" for act in of(conduct, Deed.READS))


def handled(conduct: Conduct, deed: Deed, values: frozenset[str]) -> list[Act]:
    """The acts of a deed that are done with one of these values."""
    return [act for act in of(conduct, deed) if values.intersection(act.of)]


def sent(conduct: Conduct, values: frozenset[str]) -> str:
    """By what one of the values is sent; empty when it is not."""
    direct = handled(conduct, Deed.SENDS, values)
    if direct:
        return names(direct)
    carriers = [site.api for site in conduct.sites if site.kind in CARRIERS]
    passes = handled(conduct, Deed.HANDS_ON, values) or handled(conduct, Deed.STORES, values)
    return ", ".join(dict.fromkeys(carriers[:SHOWN])) if carriers and passes else ""


def stored(conduct: Conduct) -> list[Act]:
    """The acts by which variables of a frame are printed, logged, written or collected."""
    direct = handled(conduct, Deed.STORES, LOCALS)
    handed = {act.text.rpartition(".")[2] for act in handled(conduct, Deed.HANDS_ON, LOCALS)}
    givers = {act.by for act in handled(conduct, Deed.GIVES_BACK, LOCALS)}
    asked = {act.text.rpartition(".")[2] for act in of(conduct, Deed.HANDS_ON)}
    for act in of(conduct, Deed.STORES):
        is_helper = act.by in handed and any(label != "locals" for label in act.of)
        if is_helper or ("p0" in act.of and givers & asked):
            direct.append(act)
    return direct


def is_kept_inside(act: Act) -> bool:
    """Whether a value stays in the memory of the process, and is not written, printed or logged."""
    return act.text.rpartition(".")[2] not in OUTWARD


def secrets(conduct: Conduct) -> str:
    """The words for something secret that the callback holds."""
    return names(of(conduct, Deed.SECRETS))


def scope(conduct: Conduct) -> str:
    """Which code it looks at."""
    filters = names(of(conduct, Deed.FILTERS))
    return f"looks at code by {filters}" if filters else ""


def who(conduct: Conduct) -> str:
    """The callback with its place."""
    return f"{conduct.name or 'the callback'} ({conduct.path}:{conduct.line})"


def told(reached: Reached) -> str:
    """A clause about what the callback of a hook does; empty when nobody knows."""
    conduct = reached.conduct
    if conduct is None:
        return ""
    parts = [
        "reads f_locals" if reads_locals(conduct) else "",
        "chains to what was there before" if of(conduct, Deed.CHAINS) else "",
        scope(conduct),
    ]
    shown = "; ".join(part for part in parts if part)
    return f"; its callback {who(conduct)}" + (f" {shown}" if shown else "")
