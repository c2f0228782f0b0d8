"""One place in a text, looked at without parsing: a comment, an import, a target, a value, prose."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wheelwatch.code.extract.vocabulary import STDLIB

Places = Mapping[str, list[int]]
"""By word: the offsets in a text at which it begins as a whole word."""

GAP = rb"(?:[ \t\f]|\\\r?\n)*"
NEXT = re.compile(GAP + rb"\." + GAP + rb"([A-Za-z_]\w*)(?!\w|[\x80-\xff])")
"""An attribute of what stands before."""
QUOTES = (b'"', b"'")

_IMPORT = re.compile(rb"""\bimport\b[\s\w.,(*]*\Z|(?:^|[;:"'(,{])\s*from\s[\s\w.\\]*$""")
_LISTED = re.compile(rb"[\s\\]*(?:\(|(?:\w+(?:\s+as\s+\w+)?\s*,\s*)+)?\s*\Z")
_FROM = re.compile(rb"\bfrom\s+([\w.]+)\s+import\b[^;]*\Z")
_LIST = re.compile(rb"\bfrom\s+([\w.]+)\s+import\s*(?:\([^()]*|[^\n;()]*\\\r?\n[^\n;()]*)\Z")
_REACH = 2_000
"""Bytes before a name in which the beginning of its list of imported names is looked for."""

_BEHIND = re.compile(GAP + rb"(=(?!=)|[-+|&^%*/@]+=|>>=|<<=|[,:)\]]|in\b)")
_TARGETS = re.compile(
    rb"(?:[\s,*(\[]|(?<![\w.])[A-Za-z_][\w.]*(?:\[[^\[\]]*\])?\s*(?=[,=)\]])|[=)\]])*|.*\bas\s*[(\[].*"
)
_FOR = re.compile(rb"\bfor\b(?:(?!\bin\b).)*\Z")
_AS_END = re.compile(rb"\bas\s*[\w.(\[]*\Z")
_CLOSED = re.compile(rb"[,)\]](?:[^=\n;:]|\([^()\n]*\))*(?:=(?!=)|[:#\\\r\n]|\Z)")

_OPENS = b"=([{,:+%|&^~@<>!*/-;"
_KEYWORD = re.compile(
    rb"\b(?:return|lambda|or|and|else|in|not|yield|if|is|await|del|raise|assert|from|as)\Z"
)
_PROSE = re.compile(
    rb"[ \t]+(?!(?:if|else|or|and|for|is|in|not|as)\b)[A-Za-z]|[ \t]*[!?;'\"`]|[-/]\w|:\s+\w"
)
_READ = re.compile(rb"\s*\.\s*(?:get|items|keys|values|copy)\b")
_ITEM = re.compile(rb"\s*\[[^\[\]\n]*\](?!\s*(?:=(?!=)|[-+|]=|[,:]))")


class Look:
    """One look at one text.

    ``is_run``: text is run as code somewhere in it, so that comments inside of strings matter.
    """

    def __init__(self, text: bytes, places: Places) -> None:
        self.text = text
        self.places = places
        self.is_run = False
        self.is_by_name = False
        """Modules are imported by computed names."""

    def line(self, start: int) -> bytes:
        """The part of the physical line before an offset."""
        return self.text[self.text.rfind(b"\n", 0, start) + 1 : start]

    def is_comment(self, start: int) -> bool:
        """Whether the place stands in a comment or an example of a docstring, wherever its line stands."""
        if self.is_run:
            return False
        line = self.line(start)
        if b"#" not in line and b">>>" not in line:
            return False
        if b"\r" in line or b"\\" in line or b'"' in line or b"'" in line:
            return False
        return b"#" in line or line.lstrip().startswith(b">>>")

    def written(self, word: str) -> list[int]:
        """The places of a word that are in no comment."""
        return [start for start in self.places.get(word, ()) if not self.is_comment(start)]

    def is_imported(self, start: int, end: int) -> bool:
        """Whether an import statement may bind the name at this place."""
        line = self.line(start)
        if (b"import" in line or b"from" in line) and _IMPORT.search(line):
            return True
        if not _LISTED.fullmatch(line) or self.origin(start) is None:
            return False
        behind = self.text[end : end + 8].lstrip()
        return (
            behind[:1] in (b",", b")", b"#", b"\\")
            or behind[:3] == b"as "
            or b"\n" in self.text[end : end + 2]
        )

    def origin(self, start: int) -> bytes | None:
        """The module out of which an import takes the name at this place, as far as it is written."""
        line = self.line(start)
        found = _FROM.search(line) or _LIST.search(self.text, max(0, start - _REACH), start)
        return found[1] if found else None

    def is_shared(self, start: int) -> bool:
        """Whether the module that is imported here may be one of the standard library that others hold."""
        origin = self.origin(start)
        if origin is None:
            return True
        first = origin.partition(b".")[0].decode()
        return not first or first in STDLIB or first == "six"

    def is_target(self, start: int, end: int) -> bool:
        """Whether the dotted name that ends here may be assigned to."""
        text = self.text
        behind = _BEHIND.match(text, end)
        if behind is None:
            return False
        line, sign = self.line(start), behind[1]
        if sign[-1:] == b"=":
            return True
        if sign == b"in":
            return _FOR.search(line) is not None
        if sign == b":":
            return not line.strip(b" \t\f(") or _AS_END.search(line) is not None
        if _FOR.search(line):
            return True
        # One of several targets, or one in brackets: nothing is called before it, and a sign follows.
        return _TARGETS.fullmatch(line) is not None and _CLOSED.match(text, behind.end() - 1) is not None

    def is_read(self, start: int, end: int) -> bool:
        """Whether a mapping whose name ends here is only looked into."""
        if _READ.match(self.text, end) or self.line(start).rstrip().endswith(b" in"):
            return True
        item = _ITEM.match(self.text, end)
        return item is not None and not self.line(start).lstrip().startswith(b"del ")

    def is_value(self, start: int, end: int) -> bool:
        """Whether the word at this place can be an expression, not prose or the name of a parameter."""
        text = self.text
        if text[end : end + 1] in (b"(", b"["):
            return not self.line(start).endswith((b"def ", b"class ", b"."))
        before = self.line(start).rstrip()
        if before and before[-1:] not in _OPENS and not _KEYWORD.search(before):
            return False
        return _PROSE.match(text, end) is None
