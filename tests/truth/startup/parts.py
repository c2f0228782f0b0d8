"""What the generated startup files are made of.

A line that runs calls ``ww.mark`` with a label of its own. What fails at run time says so in its text
(``FAILS``), what ends the interpreter too (``EXITS``), and what runs only when an earlier path line
brought a module imports ``late_...``: see ``expected.py``.
"""

from __future__ import annotations

FAILS = ("raise ", "no_such", "1 / 0")
EXITS = "SystemExit"

NEWLINES = ("\n", "\r", "\r\n", "\n\r", "\r\r\n")
EXOTIC = ("\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
SEPARATORS = (*NEWLINES, *EXOTIC)

MODULE = """import ww
ww.mark("body:{0}")
def go():
    ww.mark("call:{0}:go")
class C:
    @staticmethod
    def d():
        ww.mark("call:{0}:C.d")
"""
CUSTOMIZE = 'import ww\nww.mark("{}")\n'


Files = dict[str, "str | bytes"]


def mark(label: str) -> str:
    return f'import ww; ww.mark("{label}")'
