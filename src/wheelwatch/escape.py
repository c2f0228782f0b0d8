"""The only escaper: turns text from a target into text that one output format shows inertly."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "["
    "\x00-\x1f\x7f-\xa0\xad"  # controls of both blocks, the no-break space, the soft hyphen
    "\u034f\u061c\u070f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164"  # widths, separators, bidi
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # stacked marks
    "\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
    "]"
)
"""What a terminal obeys, hides or draws over its neighbours.

The ranges are spelled out because ``unicodedata`` differs between the Pythons that run wheelwatch, and
the same report must read the same on each.
"""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_MARKUP = re.compile(r"[^\w ,.:/()=-]|_|:(?=/)|(?<=[wW])\.")
_COMMAND = re.compile(r"^([^\S\n]*)::", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def terminal(text: str) -> str:
    """One line that a terminal shows as it is: nothing moves the cursor, hides or reorders text.

    ``##[`` is broken up, which GitHub's logs take for a command wherever it stands.
    """
    return _INVISIBLE.sub(_visible, text).replace("##[", "#\\x23[")


def lines(text: str) -> str:
    """Text of several lines none of which a CI service takes for a command of its own (``::error``)."""
    return _COMMAND.sub(r"\1\\x3a:", text)


def command(text: str) -> str:
    """Text in the message of a GitHub workflow command; nothing in it ends the line or begins a command."""
    return terminal(text).replace("%", "%25")


def argument(text: str) -> str:
    """Text in a property of a GitHub workflow command (``file=``, ``title=``)."""
    return command(text).replace(":", "%3A").replace(",", "%2C")


def xml(text: str) -> str:
    """Text between tags or in a quoted attribute; nothing that XML 1.0 cannot hold is left."""
    return "".join(_ENTITIES.get(character, character) for character in terminal(text))


def markdown(text: str) -> str:
    """Text that no Markdown reads anything into, also in a table; belongs between ``<code>`` and its end.

    Outside of code some readers make links and mentions of the text that is shown.
    """
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", terminal(text))


def sarif(text: str) -> str:
    """Text of a SARIF message, in which braces are placeholders and brackets may be links."""
    shown = terminal(text).replace("{", "{{").replace("}", "}}")
    return shown.replace("[", "\\[").replace("]", "\\]") if "](" in shown else shown


def toml(text: str) -> str:
    """A basic string of TOML, quotes included, that reads back the same; what hides is escaped."""
    quoted = json(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_INVISIBLE.sub(_point, quoted)}"'


def document(text: str) -> str:
    """A whole JSON document in which no string holds ``##[``; it says the same."""
    return text.replace("##[", "#\\u0023[")


def json(text: str) -> str:
    """Text whose JSON form every parser accepts: a lone surrogate becomes a visible escape.

    The JSON writer escapes everything else; lone surrogates are legal in its grammar, but strict readers
    refuse the whole document, and a file name must not decide whether a report can be read.
    """
    return _SURROGATE.sub(_visible, text)


def _point(found: re.Match[str]) -> str:
    point = ord(found[0])
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def _visible(found: re.Match[str]) -> str:
    character = found[0]
    short = _SHORT.get(character)
    if short is not None:
        return short
    point = ord(character)
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"
