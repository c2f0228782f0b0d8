"""From the table's severity to the finding's: what the code around a site changes, in one place."""

from __future__ import annotations

from wheelwatch.catalogue.severity import severity
from wheelwatch.model import Confidence, Kind, Severity
from wheelwatch.reach import SWITCH, labels
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.ownership import names_codec, owns_all, replaces_own

ALWAYS_SET = frozenset(
    {"HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "PWD", "OLDPWD", "TERM", "HOSTNAME", "SHLVL", "_"}
    | {"LC_ALL", "LC_CTYPE", "TZ", "EDITOR", "DISPLAY", "XDG_RUNTIME_DIR", "MAIL", "TMPDIR", "TMP", "TEMP"}
    | {"APPDATA", "LOCALAPPDATA", "USERNAME", "USERPROFILE", "COMPUTERNAME", "HOMEPATH", "HOMEDRIVE", "OS"}
    | {"SYSTEMROOT", "SystemRoot", "WINDIR", "windir", "PROGRAMFILES", "ComSpec", "COMSPEC", "PATHEXT"}
    | {"VIRTUAL_ENV", "CONDA_PREFIX", "PROCESSOR_ARCHITECTURE", "NUMBER_OF_PROCESSORS", "SESSIONNAME"}
)
"""Variables that a usual process has: a test of one of these switches nothing off."""

WEIGHTY = frozenset({"payload", "watch", "replace"})
"""Rows that weigh less in what only tests import."""

FIXED_ROWS = frozenset({"access", "access-hidden"})
"""Rows that already tell whether the access was hidden, as the family of decoded code does."""


def judged(hit: Hit, own: frozenset[str] = frozenset()) -> Severity | None:
    """The severity of a hit; ``None`` when its row cannot have its trigger.

    ``own`` are the modules that the distribution ships.
    """
    base = hit.severity if hit.severity is not None else severity(hit.row, hit.trigger)
    if base is None:
        return None
    if hit.known is not None or _is_harmless(hit, own):
        return Severity.INFO
    steps = sum((_own_names(hit, own), _guard(hit), _obfuscation(hit), _doubt(hit), _test(hit)))
    # Doubt and guards make a finding weaker, never more than nothing.
    return Severity(min(max(base + steps, Severity.INFO), Severity.CRITICAL))


def _is_harmless(hit: Hit, own: frozenset[str]) -> bool:
    """Removals, and a ``sys.modules`` entry of the distribution's own name."""
    site = hit.site
    if site is None or site.clears or site.kind is not Kind.MODULES:
        return site is not None and site.clears
    return site.own_names or (bool(site.detail) and owns_all(own, site.detail))


def _own_names(hit: Hit, own: frozenset[str]) -> int:
    """What concerns only its own distribution: two steps lower.

    That is a finder for its own names, a codec that is named after the package in which it stands, and
    something of a module of its own that is replaced.
    """
    site = hit.site
    if site is None:
        return 0
    if site.kind is Kind.PATCH:
        return -2 if replaces_own(own, site) else 0
    is_own = names_codec(hit.path, site) if site.kind is Kind.CODEC else owns_all(own, site.detail)
    return -2 if site.own_names and is_own else 0


def _guard(hit: Hit) -> int:
    """Off by default and switched on by an environment variable of a fixed name: one step lower."""
    return -1 if any(_is_switch(label) for label in labels(hit.guard)) else 0


def _is_switch(label: str) -> bool:
    return label.startswith(SWITCH) and label.removeprefix(SWITCH) not in ALWAYS_SET


def _obfuscation(hit: Hit) -> int:
    """The access is hidden: one step higher."""
    is_told = hit.row in FIXED_ROWS or (hit.site is not None and hit.site.kind is Kind.DECODE_RUN)
    return 1 if _is_hidden(hit) and not is_told else 0


def _doubt(hit: Hit) -> int:
    """Confidence low: one step lower, not together with obfuscation."""
    return -1 if hit.confidence is Confidence.LOW and not _is_hidden(hit) else 0


def _test(hit: Hit) -> int:
    """What only the import of a test reaches: one step lower; further rows have that in them."""
    return -1 if hit.is_test and hit.row in WEIGHTY else 0


def _is_hidden(hit: Hit) -> bool:
    return hit.site is not None and hit.site.obfuscated
