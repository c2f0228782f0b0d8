"""Stored credentials are read, and something is sent, in one run that nobody asked for.

Why it matters: Each of them alone may have a reason. Together, without a call by the user, they are
how keys and tokens leave a machine; what is encrypted before shows in no log of the network.

When it is fine: never at a start, a build or an import.

Instead: read credentials and connect in a function that the user calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from wheelwatch.model import Confidence, Kind, LinkedPackage, Reached, RuleId, Trigger
from wheelwatch.rules.hit import Hit, is_of_test, of_site

ID = RuleId("payload-theft")
KINDS = (Kind.ENCRYPTION,)
ROW = "theft"

UNASKED = (Trigger.STARTUP, Trigger.INSTALL, Trigger.AUTOLOAD, Trigger.IMPORT)
"""When code runs that nobody has called."""

ASKS = re.compile(r"listen|create_server|getaddrinfo|gethostby|TCPServer|HTTPServer|start_server")
"""APIs of the network that wait, or look up a name."""

SENDING = re.compile(
    r"\b(?:curl|wget|scp|sftp|rsync|ftp|nc|ncat|netcat|ssh|telnet|Invoke-(?:WebRequest|RestMethod)|certutil)\b"
)
ENCRYPTING = re.compile(
    r"\bopenssl\W+(?:enc|rsautl|pkeyutl|cms|smime)\b|\bgpg2?\b|\bage\W+-r\b|\b7za?\W+a\b"
)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on the first place that sends, for each trigger with one that reads."""
    sites = [one for one in package.sites if one.trigger in UNASKED and not is_of_test(one)]
    for trigger in UNASKED:
        run = [one for one in sites if one.trigger is trigger and not one.site.clears]
        pair = _pair(run)
        if pair is not None:
            reader, sender = pair
            locks = [one for one in run if _is_locking(one) and _is_one_run(one, sender)]
            yield _hit(reader, locks, sender)


def _pair(run: list[Reached]) -> tuple[Reached, Reached] | None:
    """The first place that reads credentials with the first one that sends in the same run."""
    senders = [one for one in run if _is_sending(one)]
    for reader in run:
        if reader.site.kind is Kind.CREDENTIALS:
            for sender in senders:
                if _is_one_run(reader, sender):
                    return reader, sender
    return None


def _hit(reader: Reached, locks: list[Reached], sender: Reached) -> Hit:
    encrypts = f", encrypts with {_place(locks[0])}" if locks else ""
    message = (
        f"reads credentials with {_place(reader)}{encrypts} and sends with {_place(sender)}, in one run"
    )
    hit = of_site(sender, message, ROW)
    is_low = Confidence.LOW in (reader.confidence, sender.confidence)
    return msgspec.structs.replace(
        hit, confidence=Confidence.LOW if is_low else Confidence.MEDIUM, guard=reader.guard and sender.guard
    )


def _place(reached: Reached) -> str:
    return f"{reached.site.api} ({reached.member.path}:{reached.site.line})"


def _is_sending(reached: Reached) -> bool:
    site = reached.site
    if site.kind is Kind.NETWORK:
        return ASKS.search(site.api) is None
    return site.kind is Kind.PROCESS and SENDING.search(f"{site.snippet} {site.detail}") is not None


def _is_locking(reached: Reached) -> bool:
    site = reached.site
    if site.kind is Kind.ENCRYPTION:
        return True
    return site.kind is Kind.PROCESS and ENCRYPTING.search(f"{site.snippet} {site.detail}") is not None


def _is_one_run(one: Reached, other: Reached) -> bool:
    """Whether both run together: an import of an inner module runs only what that module leads to."""
    if one.trigger is not Trigger.IMPORT or not (one.is_aside or other.is_aside):
        return True
    is_near = one.member.path == other.member.path
    return (
        is_near or (one.chain[:1] and other.chain[:1] and one.chain[0].path == other.chain[0].path) is True
    )
