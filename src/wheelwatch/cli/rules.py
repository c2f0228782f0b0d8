"""``wheelwatch rules``: the catalogue of rules, offline."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wheelwatch.cli import code
from wheelwatch.cli.option import Plain, PlainOption, VerboseOption
from wheelwatch.cli.stream import write

if TYPE_CHECKING:
    from wheelwatch.rules import Explanation

WIDTH = 100


def rules(format_: PlainOption = Plain.TEXT, verbose: VerboseOption = False) -> int:
    """List the rules, one line each; with --verbose also the names that each reports.

    As JSON: everything that explain says of each rule, with the rows of the catalogue.
    """
    from wheelwatch.rules import catalogue  # noqa: PLC0415 - only for this verb

    known = catalogue()
    write(sys.stdout, _json(known) if format_ is Plain.JSON else "".join(_lines(known, verbose=verbose)))
    return code.OK


def _lines(known: Sequence[Explanation], *, verbose: bool) -> Iterator[str]:
    column = max(len(rule.id) for rule in known)
    indent = " " * (column + 2)
    for rule in known:
        yield f"{rule.id:<{column}}  {rule.title}\n"
        if verbose and rule.apis:
            names = ", ".join(rule.apis)
            yield textwrap.fill(names, WIDTH, initial_indent=indent, subsequent_indent=indent) + "\n"


def _json(known: Sequence[Explanation]) -> str:
    import json  # noqa: PLC0415 - only for this form

    import msgspec  # noqa: PLC0415

    plain = msgspec.to_builtins(known, enc_hook=str)
    for rule, explained in zip(plain, known, strict=True):
        rule["severities"] = {trigger.value: severity.label for trigger, severity in explained.severities}
        for entry in rule["entries"]:
            entry["names"] = dict(entry["names"])
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
