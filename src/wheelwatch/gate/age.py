"""``min-age``: whether a file that ``audit`` takes has been in its index for long enough."""

from __future__ import annotations

import datetime as dt
import hashlib

from wheelwatch.model import (
    Confidence,
    Finding,
    Package,
    RuleId,
    Ruling,
    Severity,
    Standing,
    Trigger,
)
from wheelwatch.rules import age

LENGTH = 32


def young(package: Package, days: int, today: dt.date) -> Finding | None:
    """The finding on a file that is younger, or of which nobody says how old it is.

    ``package`` is one that ``audit`` resolved; others have no age, and are never young.
    """
    if not days or package.origin is None:
        return None
    uploaded = _day(package.origin.uploaded)
    if uploaded is None:
        return _finding(package, f"nobody says when it was uploaded, and the policy asks for {days} days")
    passed = (today - uploaded).days
    if passed >= days:
        return None
    return _finding(package, f"was uploaded {max(passed, 0)} days ago, and the policy asks for {days} days")


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _finding(package: Package, message: str) -> Finding:
    identity = "\0".join((age.ID, package.name, package.version))
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
    return Finding(
        rule=RuleId(age.ID),
        severity=Severity.HIGH,
        trigger=Trigger.INSTALL,
        confidence=Confidence.HIGH,
        applies=True,
        api=None,
        message=message,
        path="",
        line=0,
        column=0,
        snippet="",
        chain=(),
        pythons=(),
        known=None,
        fingerprint=digest[:LENGTH],
        standing=Standing(ruling=Ruling.REFUSED, must=True),
    )
