"""Runs inside the judged interpreter, ``-S``: ``site.main()`` under an audit hook, what ran as JSON.

``python -S driver.py OUT``. Rows: ``["line", FILE, NUMBER]`` for a line of a ``.pth`` that ``site``
executes, ``["module", FILE]`` for the body of a module, ``["path", FOLDER]`` for what is on ``sys.path``
afterwards and was not before. Python 3.8 and newer, standard library only.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

rows: list[list[Any]] = []
state = {"watching": True}


def hook(name: str, arguments: tuple[Any, ...]) -> None:
    if state["watching"] and name == "exec":
        code = arguments[0]
        caller = sys._getframe(1)
        if caller.f_code.co_name == "addpackage" and caller.f_globals.get("__name__") == "site":
            rows.append(["line", caller.f_locals["fullname"], number(caller.f_locals)])
        elif getattr(code, "co_name", "") == "<module>" and os.path.isabs(code.co_filename):
            rows.append(["module", code.co_filename])


def number(found: dict[str, Any]) -> int:
    """The line's number: ``n`` counts from 0 or, from 3.12.4 on, from 1."""
    return int(found["n"]) + (0 if sys.version_info >= (3, 12, 4) else 1)


def main() -> None:
    import site

    before = list(sys.path)
    sys.addaudithook(hook)
    site.main()
    state["watching"] = False
    rows.extend(["path", path] for path in sys.path if path not in before)
    with open(sys.argv[1], "w", encoding="utf-8") as stream:
        json.dump(rows, stream)


main()
