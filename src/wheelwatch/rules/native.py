"""The interpreter is hooked through its C interface.

Why it matters: PyEval_SetTrace, PySys_AddAuditHook, watchers and the like do what the Python
functions do, but without audit events and without leaving a trace in sys.

When it is fine: in compiled debuggers and profilers that say so.

Instead: the Python-level function of the same purpose, which can be seen and taken back.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-native")
KINDS = (Kind.NATIVE,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "reaches the interpreter natively", *KINDS)
