"""Reports built by hand, for the tests of the formats."""

from typing import Any

from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Approval,
    Confidence,
    Failure,
    Finding,
    Ledger,
    Level,
    Outcome,
    Package,
    PackageKind,
    Reason,
    Report,
    RuleId,
    Ruling,
    Severity,
    Standing,
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


INJECTIONS = (
    "::error file=x::owned",
    "%0A::error::owned",
    "a\n::error::owned",
    "a\r\n## owned",
    "</testcase></testsuite><testcase name='owned'/>",
    "]]><owned/>",
    "| owned | cells |",
    "`owned`",
    "``` owned",
    "![owned](https://owned.example/x)",
    "[owned](https://owned.example/)",
    "<script>owned()</script>",
    "<!-- owned",
    "@owned #1 GH-1 www.owned.example https://owned.example",
    "{0} {owned}",
    "&lt;owned&gt; \\| \\` \\n",
    "**owned** __owned__ ~~owned~~ * - +",
    "\u202eowned\u2066\u200b\udcff\x00\x1b[2J\ufffe",
    "a,b:c%2C",
    '"owned" onload="owned',
)
"""Texts with which a target might try to write something of its own into a report."""


def injected(text: str) -> Report:
    """A report in which everything that a target may choose is this text."""
    step = Step(package=text, path=text, line=1, what=text, guard=f"env:{text}")
    row = finding(message=text, path=text, snippet=text, api=text, chain=(step, step))
    standing = Standing(ruling=Ruling.CHANGED, must=True, reason=text, who=text, detail=text)
    approved = Standing(ruling=Ruling.APPROVED, reason=text, who=text)
    entry = Approval(
        package=text, rule=text, trigger="import", path=text, fingerprint="f", reason=text, who=text,
        date="", expires="",
    )  # fmt: skip
    one = package(
        row,
        finding(message=text, standing=standing),
        finding(message=text, standing=approved),
        name=text,
        version=text,
        location=text,
        not_analysed=(unread(path=text, detail=text, decisive=True),),
    )
    return report(
        one,
        targets=(text,),
        errors=(failure(where=text, what=text, hint=text),),
        complete=False,
        baseline=Ledger(path=text, stale=(entry,), expired=(entry,)),
    )


def many(count: int) -> Report:
    """A report of so many findings, one of them critical and the last of all."""
    rows = [finding(severity=Severity.MEDIUM, fingerprint=f"{number:032x}") for number in range(count - 1)]
    return report(package(*rows, finding(severity=Severity.CRITICAL, message="the worst")))
