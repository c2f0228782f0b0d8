"""``wheelwatch explain``: what a rule finds, why it matters, when it is fine, what to do instead."""

from __future__ import annotations

import difflib
import inspect
import sys
from typing import Annotated

import typer

from wheelwatch.cli import code
from wheelwatch.cli.stream import write
from wheelwatch.errors import UsageError


def explain(
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE", help="Name of a rule, as reports and 'wheelwatch rules' show it."),
    ],
) -> int:
    """Explain one rule."""
    from wheelwatch.rules import RULES  # noqa: PLC0415 - only for this verb

    documents = {known.ID: inspect.cleandoc(known.__doc__ or "") for known in RULES}
    if rule not in documents:
        near = difflib.get_close_matches(rule, documents, n=1)
        hint = f"did you mean {near[0]}?" if near else "wheelwatch rules lists them all"
        raise UsageError(rule, "there is no rule of this name", hint)
    write(sys.stdout, f"{rule}\n\n{documents[rule]}\n")
    return code.OK
