"""What a rule hands over: the evidence of one finding, before it is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from wheelwatch.catalogue import lookup
from wheelwatch.catalogue.severity import row_of
from wheelwatch.model import (
    DECORATED,
    Confidence,
    Evidence,
    Kind,
    LinkedEntry,
    LinkedPackage,
    Reached,
    Severity,
    Site,
    Step,
    Trigger,
    Version,
)
from wheelwatch.reach import labels
from wheelwatch.rules.conduct import told

TESTS = re.compile(r"(?:^|/)tests?/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
"""Files that only those who test the package run."""

SNIPPET = 200
"""Code points of a startup line that a finding shows."""

SHARED = 4
"""Distributions that a message names."""

ORDER = "which one stays depends on the order of installation"

WHEN = {
    Trigger.STARTUP: "at every start of the interpreter",
    Trigger.INSTALL: "when the package is built or installed",
    Trigger.AUTOLOAD: "when a host tool loads the package by itself",
    Trigger.IMPORT: "when the package is imported",
    Trigger.CALL: "only when it is called",
    Trigger.DORMANT: "not as installed",
}


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One finding to be. ``row`` names a row of the severity table; ``severity`` stands in its place."""

    row: str
    trigger: Trigger
    message: str
    path: str
    line: int
    column: int
    snippet: str
    pythons: tuple[Version, ...]
    chain: tuple[Step, ...] = ()
    api: str | None = None
    confidence: Confidence = Confidence.HIGH
    guard: str | None = None
    known: str | None = None
    site: Site | None = None
    severity: Severity | None = None
    is_test: bool = False
    """Only the import of a test reaches it, which a program does not do."""
    evidence: tuple[Evidence, ...] = ()


def of_site(reached: Reached, message: str, row: str | None = None) -> Hit:
    """A hit on a site, with its chain."""
    site = reached.site
    return Hit(
        row=row or row_of(site.kind),
        trigger=reached.trigger,
        message=message,
        path=reached.member.path,
        line=site.line,
        column=site.column,
        snippet=site.snippet,
        pythons=reached.pythons,
        chain=reached.chain,
        api=site.api,
        confidence=Confidence.LOW if _is_handed_on(reached) else reached.confidence,
        guard=reached.guard,
        known=reached.known,
        site=site,
        is_test=is_of_test(reached),
        evidence=reached.evidence,
    )


def is_of_test(reached: Reached) -> bool:
    """Whether the way to a site begins in a test, and the import of the package does not lead there."""
    begins = reached.chain[0].path if reached.chain else reached.member.path
    # Nobody is known to call the function: whoever does, stands in a test as far as one can see.
    is_alone = len(reached.chain) == 1 and reached.chain[0].function not in ("", "<module>")
    is_aside = reached.is_aside or is_alone
    return is_aside and reached.trigger is Trigger.IMPORT and TESTS.search(begins) is not None


def _is_handed_on(reached: Reached) -> bool:
    """Whether only an inner module calls it, through a decorator of elsewhere.

    Tasks and commands are called so: what the name stands for keeps the function for later, or calls it.
    """
    is_inner = reached.is_aside and reached.trigger is Trigger.IMPORT
    return is_inner and DECORATED in labels(reached.guard)


def of_callback(reached: Reached, message: str, row: str) -> Hit:
    """A hit on the callback of a hook, at the place of the site; read off the text, so never certain."""
    is_low = reached.confidence is Confidence.LOW
    found = of_site(reached, message, row)
    return msgspec.structs.replace(
        found, confidence=Confidence.LOW if is_low else Confidence.MEDIUM, site=None
    )


def of_sites(package: LinkedPackage, verb: str, *kinds: Kind) -> Iterator[Hit]:
    """A hit on every site of these families; ``verb`` reads before the API's name."""
    for reached in package.of(*kinds):
        yield of_site(reached, describe(reached, verb))


def describe(reached: Reached, verb: str) -> str:
    """One sentence: what the site does, what it sees, when it runs."""
    site = reached.site
    when = WHEN[reached.trigger]
    if reached.launcher:
        when = f"at the start of child processes of {reached.launcher}, which sets PYTHONPATH for them"
    if site.clears:
        return f"removes or restores what {site.api} had installed, at line {site.line}"
    api = lookup(site.api, site.kind)
    sees = f": {api.observes}" if api and api.observes else ""
    return f"{verb} with {site.api}, {when}{sees}{told(reached)}{_begins(reached)}{_rivals(reached)}"


def _begins(reached: Reached) -> str:
    """A clause on customize modules that a site makes start."""
    names = ", ".join(reached.begins[:SHARED])
    return f"; what starts then begins with {names}" if names else ""


def _rivals(reached: Reached) -> str:
    """A clause on who else ships a module on the way."""
    if not reached.rivals:
        return ""
    verb = "ships" if len(reached.rivals) == 1 else "ship"
    names = ", ".join(reached.rivals[:SHARED])
    return (
        f"; {names} {verb} a module of this name, too: which one stays depends on the order of installation"
    )


def of_entry(linked: LinkedEntry, message: str, row: str) -> Hit:
    """A hit on a startup entry itself."""
    entry = linked.entry
    step = Step(
        package="",
        path=entry.member.path,
        line=entry.line,
        what=entry.text.strip()[:SNIPPET] or entry.member.path.rpartition("/")[2],
    )
    return Hit(
        row=row,
        trigger=Trigger.STARTUP,
        message=message,
        path=entry.member.path,
        line=entry.line,
        column=1 if entry.line else 0,
        snippet=entry.text[:SNIPPET],
        pythons=entry.pythons,
        chain=(step,),
        known=linked.known,
        evidence=linked.evidence,
    )
