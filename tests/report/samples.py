"""Reports built by hand, for the tests of the formats."""

from typing import Any

from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Confidence,
    Failure,
    Finding,
    Level,
    Outcome,
    Package,
    PackageKind,
    Reason,
    Report,
    RuleId,
    Severity,
    Step,
    Trigger,
    Unread,
)

HOSTILE = "\x1b[2J\x1b]0;x\x07[bold red]\u202egnp.\u200b\udcff\r\n::error"


def finding(**changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "rule": RuleId("hook-trace"),
        "severity": Severity.HIGH,
        "trigger": Trigger.STARTUP,
        "confidence": Confidence.HIGH,
        "applies": True,
        "api": "sys.settrace",
        "message": "installs a trace function with sys.settrace",
        "path": "demo/_hooks.py",
        "line": 12,
        "column": 5,
        "snippet": "sys.settrace(spy)",
        "chain": (
            Step(package="demo", path="zz.pth", line=1, what="import demo._boot"),
            Step(package="demo", path="demo/_boot.py", line=3, what="install()", guard="env:DEMO; other"),
            Step(package="other", path="demo/_hooks.py", line=12, what="sys.settrace"),
        ),
        "pythons": SUPPORTED_PYTHONS,
        "known": None,
        "fingerprint": "f" * 32,
    }
    return Finding(**(fields | changes))


def package(*findings: Finding, **changes: Any) -> Package:
    fields: dict[str, Any] = {
        "name": "demo",
        "version": "1.0",
        "kind": PackageKind.WHEEL,
        "location": "demo-1.0-py3-none-any.whl",
        "sha256": "a" * 64,
        "score": 60,
        "level": Level.HIGH,
        "findings": findings,
        "not_analysed": (),
    }
    return Package(**(fields | changes))


def unread(**changes: Any) -> Unread:
    fields: dict[str, Any] = {
        "path": "demo/x.py",
        "reason": Reason.TOO_DEEP,
        "detail": "nested 200,000 deep",
        "trigger": Trigger.IMPORT,
        "fingerprint": "e" * 32,
    }
    return Unread(**(fields | changes))


def report(*packages: Package, **changes: Any) -> Report:
    fields: dict[str, Any] = {
        "wheelwatch": "0.1.0",
        "outcome": Outcome.FAIL,
        "complete": True,
        "fail_on": Severity.HIGH,
        "targets": ("demo-1.0-py3-none-any.whl",),
        "pythons": SUPPORTED_PYTHONS,
        "packages": packages,
        "errors": (),
    }
    return Report(**(fields | changes))


def failure(**changes: Any) -> Failure:
    fields: dict[str, Any] = {"where": "gone.whl", "what": "no such file", "hint": "check the path"}
    return Failure(**(fields | changes))
