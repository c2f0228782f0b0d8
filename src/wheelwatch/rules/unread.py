"""A file could not be analysed.

Why it matters: what was not read was not judged, and code that breaks a parser may still run. It
weighs most for a startup file, then for a file on a chain from startup, install or autoload, and
for one that mentions a hook.

When it is fine: Python 2 tests, templates and other files that no program imports are notes.

Instead: look at the file by hand; approve it in the baseline once you have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wheelwatch.model import LinkedEntry, LinkedPackage, Member, NotAnalysed, RuleId, Trigger
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.ownership import NATIVE

ID = RuleId("analysis-not-analysed")
NEAR = (Trigger.STARTUP, Trigger.INSTALL, Trigger.AUTOLOAD)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every file that was not analysed."""
    startup = {linked.entry.member.path for linked in package.entries}
    startup |= {path for linked in package.entries for path in compiled(linked)}
    for member, lost, trigger in package.not_analysed:
        yield Hit(
            row=row(member, lost, trigger, is_startup=member.path in startup),
            trigger=trigger,
            message=f"not analysed ({lost.reason.value}): {lost.detail}",
            path=member.path,
            line=0,
            column=0,
            snippet="",
            pythons=package.distribution.pythons,
            api=lost.reason.value,
        )


def compiled(linked: LinkedEntry) -> Iterator[str]:
    """The compiled modules that the text of an entry names: nothing but them says what it does."""
    for path in linked.modules:
        folder, _, last = path.rpartition("/")
        if last.endswith(NATIVE):
            stem = last.partition(".")[0]
            parts = [*folder.split("/"), *([stem] if stem != "__init__" else ())]
            name = ".".join(filter(None, parts))
            if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", linked.entry.text):
                yield path


def row(member: Member, lost: NotAnalysed, trigger: Trigger, *, is_startup: bool) -> str:
    """The row of the severity table for a file that was not analysed."""
    if trigger is Trigger.STARTUP and (is_startup or "/" not in member.path):
        return "unread-start"
    return "unread-near" if trigger in NEAR or lost.anchors else "unread"
