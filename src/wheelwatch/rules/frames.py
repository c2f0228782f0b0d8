"""The evaluation of frames is replaced.

Why it matters: A frame evaluation function (PEP 523) runs in place of the interpreter loop for
every Python function: it can change what any code does, and no Python-level check sees it.

When it is fine: in just-in-time compilers that the application asked for.

Instead: enable such a compiler explicitly in the application, for the functions that need it.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-eval-frame")
KINDS = (Kind.EVAL_FRAME,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "replaces frame evaluation", *KINDS)
