"""Execution events are monitored.

Why it matters: sys.monitoring (PEP 669, Python 3.12) reports calls, lines, branches and exceptions
of all code to callbacks, cheaply enough to stay on unnoticed, and installing them raises hardly any
audit event.

When it is fine: in debuggers, profilers and coverage tools that use a tool id of their own and free
it afterwards.

Instead: register the tool id only for the time of the measurement, with local events on the code
objects that matter.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-monitoring")
KINDS = (Kind.MONITOR,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "monitors execution", *KINDS)
