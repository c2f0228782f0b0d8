"""A rule failed on this package.

Why it matters: what the rule would have found is not in the report. This is a defect of wheelwatch,
which a package may have provoked on purpose.

When it is fine: never.

Instead: report it with the package's name and version; look at the package by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId, Severity, Trigger
from wheelwatch.rules.hit import Hit

ID = RuleId("analysis-rule-failed")


def find(package: LinkedPackage) -> Iterator[Hit]:  # noqa: ARG001 - no package fails by itself
    """Nothing: these hits are made where a rule fails."""
    yield from ()


def of_error(rule: RuleId, error: Exception, package: LinkedPackage) -> Hit:
    """The hit that stands for a rule that failed."""
    return Hit(
        row="failure",
        severity=Severity.MEDIUM,
        trigger=Trigger.IMPORT,
        message=f"the rule {rule} failed: {type(error).__name__}: {str(error)[:200]}",
        path="",
        line=0,
        column=0,
        snippet="",
        pythons=package.distribution.pythons,
        api=rule,
    )
