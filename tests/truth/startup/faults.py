"""Lines that do not work, and lines of every shape that do."""

from __future__ import annotations

from collections.abc import Iterator

from tests.truth.startup.parts import Files, mark

ERRORS = (
    *("import (", "import ", "import\t", "import ww; if", "import ww; x = '", "import 1x", "import ww ww"),
    *("import ww; return", "import ww; yield 1", "import ww; await x", "import ww; break"),
    *("import ww; from __future__ import annotations", "import ww; nonlocal x", "import ww;\u00a0x"),
    *("import ww\x00", "\x00import ww", "hidden\x00", "import ww; x = '\x00'", "import ww; (" + "(" * 30),
    *("import ww; print 1", "import ww; x = 08", "import ww; 1 = x", "import ww; f(a for a in b, 1)"),
    *("import no_such_module", "import ww; raise ValueError(1)", "import ww; 1 / 0", "import ww; no_such"),
    *("import ww; f(x=1, x=2)", "import ww; del 1", "import ww; x = {", "import ww, ", "import ww; $"),
)


def errors() -> Iterator[Files]:
    """A line that does not work, and what comes after it in this file and the next."""
    for bad in ERRORS:
        yield {"a.pth": f"{mark('one')}\n{bad}\n{mark('two')}\nhidden\n", "hidden/x.py": ""}
        yield {"a.pth": f"{bad}\n{mark('one')}\n", "b.pth": mark("two")}
    for bad in ("import ww; raise SystemExit", "import sys; sys.exit() or SystemExit"):
        yield {
            "a.pth": f"{mark('one')}\n{bad}\n{mark('two')}",
            "b.pth": mark("three"),
            "sitecustomize.py": "",
        }


SYNTAX = (
    *(
        "x = (1)",
        "x: int = 1",
        "x = [a for a in (1,)]",
        "x = lambda a, /, *b: (yield)",
        "x = y = 1",
        "del ww",
    ),
    *("x = f'{1}'", "x = f'{1!r:>{2}}'", "x = rb'\\x00'", "x = (a := 1)", "x = {**{}}", "x = [*(1,)]"),
    *(
        "x = '''a'''",
        "x = 'a' 'b'",
        'x = "it\'s"',
        "x = '\\''",
        "x = '\\N{BULLET}'",
        "print(*(1,), end='')",
    ),
    *(
        "x = 1_000",
        "x = 0x1f",
        "x = 1if 1else 2",
        "x = 10 ** 20",
        "assert x is x if 0 else 1",
        "pass; pass",
    ),
    *(
        "import os as o, sys",
        "from os import path as p",
        "from os import (path)",
        "global g",
        "x = ()",
        "x = -+~1",
    ),
    *(
        "exec('y = 1\\nz = 2')",
        "x = b'a' b'b'",
        "x, *y = 1, 2",
        "x = (1,)[0]",
        "x = ''.join(['a'])",
        "x = ...",
    ),
)


def syntax() -> Iterator[Files]:
    """Good lines of every shape: none of them may be taken for an error."""
    for statement in SYNTAX:
        yield {
            "a.pth": f"import ww; {statement}; import ww; ww.mark('one')\n{mark('two')}\n".replace(
                "'one'", '"one"'
            )
        }
