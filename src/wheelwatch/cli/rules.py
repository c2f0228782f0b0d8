"""``wheelwatch rules``: the catalogue of rules, offline."""

from __future__ import annotations

import sys

from wheelwatch.cli import code
from wheelwatch.cli.stream import write


def rules() -> int:
    """List the rules, one line each."""
    from wheelwatch.rules import catalogue  # noqa: PLC0415 - only for this verb

    known = catalogue()
    column = max(len(rule.id) for rule in known)
    write(sys.stdout, "".join(f"{rule.id:<{column}}  {rule.title}\n" for rule in known))
    return code.OK
