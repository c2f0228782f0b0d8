"""A file is one that a known attack has shipped.

Why it matters: its content, or its name together with what stands in it, is on a list of attacks that
happened. Whoever installed it was attacked: this is not a risk any more but an incident.

When it is fine: in a collection of samples, and where a list holds a digest by mistake.

Instead: take the machine from the network, keep the file, renew every credential that a process there
could read, and look the identifier up: it tells what the attack took and where it stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId, Sighting, Trigger
from wheelwatch.rules.hit import Hit

ID = RuleId("payload-incident")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every such file, and on the archive itself."""
    starting = {linked.entry.member.path for linked in package.entries}
    for sighting in package.sightings:
        yield Hit(
            row="incident",
            trigger=_trigger(sighting, starting),
            message=_message(sighting),
            path=sighting.path,
            line=sighting.line,
            column=1 if sighting.line else 0,
            snippet=sighting.snippet,
            pythons=package.distribution.pythons,
            api=sighting.id,
        )


def _trigger(sighting: Sighting, starting: set[str]) -> Trigger:
    if sighting.path in starting:
        return Trigger.STARTUP
    is_placed = sighting.path and not sighting.path.startswith("{source}/")
    return Trigger.IMPORT if is_placed else Trigger.INSTALL


def _message(sighting: Sighting) -> str:
    what = sighting.path or "the archive"
    text = f"{what} is known from {sighting.name}: {sighting.id}, by {sighting.how}"
    others = ", ".join((*sighting.aliases, *(f"ATT&CK {number}" for number in sighting.techniques)))
    return text + (f"; {others}" if others else "")
