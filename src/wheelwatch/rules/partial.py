"""A file was analysed in part.

Why it matters: following values through loops and repeated calls is bounded for each file. Every
function of such a file was read once, but not with the arguments of each call; a call that hides
behind enough work may be missing from the report.

When it is fine: long modules with many loops reach the bound too.

Instead: look at the calls at the end of the file by hand; keep modules that run at startup short.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit

ID = RuleId("analysis-partial")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every file of which work was cut."""
    for member, notes, trigger in package.partial:
        yield Hit(
            row="partial",
            trigger=trigger,
            message=f"analysed in part ({', '.join(notes)}): not every call was followed",
            path=member.path,
            line=0,
            column=0,
            snippet="",
            pythons=package.distribution.pythons,
            api=notes[0],
        )
