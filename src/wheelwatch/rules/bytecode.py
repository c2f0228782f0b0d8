"""Bytecode runs in place of the source beside it.

Why it matters: a ``.pyc`` whose header says that it is not held against the source (PEP 552, an
unchecked hash) is loaded whatever the source says, and so is one beside a source that no Python
compiles. Whoever reads the source reads something else than what runs. uv and pip --no-compile leave
such files where they are.

When it is fine: in images that somebody builds himself with compileall --invalidation-mode
unchecked-hash.

Instead: ship sources only, and let the installer compile them; checked hashes for reproducible
builds.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Compiled, LinkedPackage, RuleId, Trigger
from wheelwatch.rules.hit import Hit

ID = RuleId("archive-bytecode")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every such file."""
    for row in package.compiled:
        at_start = row.source in package.started or row.member.path in package.started
        yield Hit(
            row="bytecode-only" if row.is_alone else "bytecode",
            trigger=Trigger.STARTUP if at_start else Trigger.IMPORT,
            message=_message(row),
            path=row.member.path,
            line=0,
            column=0,
            snippet="",
            pythons=(row.python,),
        )


def _message(row: Compiled) -> str:
    if row.is_alone:
        return f"Python {row.python} loads it in place of {row.source}, which no Python compiles"
    beside = f" and does not hold it against {row.source}" if row.source else ""
    return f"Python {row.python} loads it by an unchecked hash{beside}"
