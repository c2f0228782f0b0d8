"""``wheelwatch rules``: the catalogue of rules, offline."""

from __future__ import annotations

import inspect
import sys

from wheelwatch.cli import code
from wheelwatch.cli.stream import write


def rules() -> int:
    """List the rules, one line each."""
    from wheelwatch.rules import RULES  # noqa: PLC0415 - only for this verb

    titles = {rule.ID: inspect.cleandoc(rule.__doc__ or "").partition("\n")[0] for rule in RULES}
    column = max(len(name) for name in titles)
    write(sys.stdout, "".join(f"{name:<{column}}  {title}\n" for name, title in sorted(titles.items())))
    return code.OK
