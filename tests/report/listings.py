"""Listings built by hand, for the tests of their two forms."""

from typing import Any

from tests.report import samples
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Listing,
    Order,
    Outcome,
    PackageKind,
    Severity,
    Start,
    StartupKind,
    Turn,
)


def turn(**changes: Any) -> Turn:
    fields: dict[str, Any] = {
        "phase": "site",
        "kind": StartupKind.PTH_IMPORT,
        "package": "demo",
        "version": "1.0",
        "owner": PackageKind.INSTALLED,
        "root": "env/lib/python3.12/site-packages",
        "path": "zz.pth",
        "line": 1,
        "text": "import demo._boot\n",
        "target": "",
        "detail": "",
        "pythons": SUPPORTED_PYTHONS,
        "severity": Severity.HIGH,
        "known": None,
        "modules": ("demo/_boot.py", "demo/_hooks.py"),
        "missing": (),
        "silences": "",
        "findings": (samples.finding(),),
    }
    return Turn(**(fields | changes))


def listing(*turns: Turn, **changes: Any) -> Listing:
    order = Order(pythons=("3.11", "3.12"), steps=turns)
    start = Start(target="env", own=False, orders=(order,), findings=(), not_analysed=())
    fields: dict[str, Any] = {
        "wheelwatch": "0.1.0",
        "outcome": Outcome.FAIL,
        "complete": True,
        "fail_on": Severity.HIGH,
        "targets": ("env",),
        "pythons": ("3.11", "3.12"),
        "starts": (start,),
    }
    return Listing(**(fields | changes))


def hostile() -> Listing:
    """Every text that a target decides, hostile."""
    text = samples.HOSTILE
    finding = samples.finding(message=text, path=text, snippet=text, api=text)
    step = turn(
        package=text,
        version=text,
        root=text,
        path=text,
        text=text,
        target=text,
        detail=text,
        modules=(text,),
        missing=(text,),
        silences=text,
        findings=(finding,),
    )
    start = Start(
        target=text,
        own=True,
        orders=(Order(pythons=("3.15",), steps=(step, turn())),),
        findings=(finding,),
        not_analysed=(samples.unread(path=text, detail=text),),
    )
    return listing(starts=(start,), targets=(text,), errors=(samples.failure(where=text),))
