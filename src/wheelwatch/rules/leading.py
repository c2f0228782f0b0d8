"""Where a startup entry leads outside its own distribution, for the message of its finding."""

from __future__ import annotations

from wheelwatch.model import LinkedEntry, LinkedPackage, Reached, Severity
from wheelwatch.rules.adjustment import judged
from wheelwatch.rules.hit import ORDER, SHARED, of_site


def elsewhere(linked: LinkedEntry, package: LinkedPackage) -> str:
    """A clause on the worst that the entry reaches in other distributions; empty when there is nothing.

    The finding itself stands with the distribution that holds the code; this one only points there.
    """
    own = {member.source for member in package.distribution.members}
    own |= {entry.entry.code.source for entry in package.entries if entry.entry.code is not None}
    found = [(_severity(reached), reached) for reached in linked.sites if reached.member.source not in own]
    worst, reached = max(found, key=lambda row: row[0], default=(Severity.INFO, None))
    clause = _shared(linked)
    if reached is None or worst is Severity.INFO:
        return clause
    site, owner = reached.site, reached.chain[-1].package
    where = f"{reached.member.path}:{site.line} of {owner}"
    return f"; it leads to {site.api} in {where}, {worst.label} there{clause}"


def _shared(linked: LinkedEntry) -> str:
    """A clause on the first module on the way that several distributions ship."""
    if not linked.shared:
        return ""
    path, names = linked.shared[0]
    shown = ", ".join(names[:SHARED]) + (" and others" if len(names) > SHARED else "")
    return f"; {path} is shipped by {shown}: {ORDER}"


def _severity(reached: Reached) -> Severity:
    return judged(of_site(reached, "")) or Severity.INFO
