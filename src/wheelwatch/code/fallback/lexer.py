"""From text to tokens, for the union of the grammars of CPython 3.8 to 3.15."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from wheelwatch.code.fallback.tokens import KEYWORDS, Excess, Refused, Token, Type

_DIGITS: Final = r"[0-9](?:_?[0-9])*"
_EXPONENT: Final = rf"[eE][-+]?{_DIGITS}"
_NUMBER: Final = (
    r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+"
    rf"|(?:(?:{_DIGITS}\.(?:{_DIGITS})?|\.{_DIGITS})(?:{_EXPONENT})?|{_DIGITS}{_EXPONENT})[jJ]?"
    rf"|{_DIGITS}[jJ]|0(?:_?0)*|[1-9](?:_?[0-9])*"
)
_QUOTES: Final = "'''|\"\"\"|'|\""
_NAME: Final = r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*"
_OPERATOR: Final = (
    r"\*\*=|//=|>>=|<<=|\.\.\.|->|:=|==|!=|<=|>=|\*\*|//|>>|<<|\+=|-=|\*=|/=|%=|&=|\|=|\^=|@="
    r"|[-+*/%&|^~<>()\[\]{},:.;@=!]"
)
_TOKEN: Final = re.compile(
    rf"(?P<parts>(?:[fFtT][rR]?|[rR][fFtT])(?:{_QUOTES}))"
    rf"|(?P<string>(?:[bB][rR]?|[rR][bB]?|[uU])?(?:{_QUOTES}))"
    rf"|(?P<name>{_NAME})|(?P<number>{_NUMBER})|(?P<operator>{_OPERATOR})"
)
_BLANK: Final = re.compile(r"[ \t\f]*(?:\\\r?\n[ \t\f]*)*")
_REST: Final = re.compile(r"(?:#[^\n]*)?")
_NEWLINE: Final = re.compile(r"\r?\n")
_AFTER_NUMBER: Final = re.compile(r"(?:and|else|for|if|in|is|or|not)|(?![A-Za-z0-9_\x80-\U0010ffff])")
_STOPS: Final = {
    quotes: re.compile(rf"\\|{quotes}" + ("" if quotes[1:] else "|\n")) for quotes in _QUOTES.split("|")
}
_MARKS: Final = {
    quotes: re.compile(rf"[\\{{}}]|{quotes}" + ("" if quotes[1:] else "|\n")) for quotes in _STOPS
}
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_TAB: Final = 8


@dataclass(slots=True)
class _Parts:
    """An f-string or t-string that is being read."""

    quotes: str
    is_raw: bool
    fields: list[_Field] = field(default_factory=list)
    """Its open replacement fields, innermost last."""


@dataclass(slots=True)
class _Field:
    depth: int
    """How many brackets are open right inside it."""
    in_format: bool = False
    """Its format specification has begun."""


class Lexer:
    """Reads one text into at most ``limit`` tokens; ``comments`` then holds the spans of its comments."""

    def __init__(self, text: str, limit: int) -> None:
        self.text = text
        self._limit = limit
        self.comments: list[tuple[int, int]] = []
        self._at = 0
        self._line = 1
        self._known = (0, 0)
        """An offset on the current line and its column."""
        self._is_ascii = text.isascii()
        self._indents = [(0, 0)]
        self._brackets: list[str] = []
        self._parts: list[_Parts] = []
        self._tokens: list[Token] = []

    def read(self) -> list[Token]:
        """All tokens, an ``END`` last; raises ``Refused`` or ``Excess``."""
        is_fresh = True
        while self._at < len(self.text):
            if is_fresh:
                is_fresh = self._read_indentation()
            elif self._parts and self._is_in_literal():
                self._read_literal()
            else:
                is_fresh = self._read_token()
            if len(self._tokens) > self._limit:
                raise Excess(f"more than {self._limit} tokens")
        return self._finish()

    def _refuse(self, what: str) -> Refused:
        return Refused(what, self._line)

    def _column(self, offset: int) -> int:
        start, column = self._known
        if self._is_ascii:
            return column + offset - start
        column += len(self.text[start:offset].encode("utf-8", "surrogatepass"))
        self._known = (offset, column)
        return column

    def _emit(self, kind: Type, end: int, text: str | None = None) -> None:
        """Append the token from here to ``end`` and go there."""
        start, line, column = self._at, self._line, self._column(self._at)
        written = self.text[start:end]
        if "\n" in written and kind is not Type.NEWLINE:
            self._line += written.count("\n")
            self._known = (start + written.rindex("\n") + 1, 0)
        shown = written if text is None else text
        self._tokens.append(Token(kind, shown, line, column, self._line, self._column(end), start, end))
        self._at = end

    def _skip(self, end: int) -> None:
        """Go to ``end``, counting the lines that are left behind."""
        newline = self.text.rfind("\n", self._at, end)
        if newline >= 0:
            self._line += self.text.count("\n", self._at, end)
            self._known = (newline + 1, 0)
        self._at = end

    def _finish(self) -> list[Token]:
        if self._brackets or self._parts:
            raise self._refuse("unexpected end of file")
        if self._tokens and self._tokens[-1].type not in {Type.NEWLINE, Type.DEDENT}:
            self._emit(Type.NEWLINE, self._at)
        for _ in self._indents[1:]:
            self._emit(Type.DEDENT, self._at)
        self._emit(Type.END, self._at)
        return self._tokens

    def _read_indentation(self) -> bool:
        """Begin a line; true when it is blank, so that the next one begins there."""
        width, narrow, end = self._measure()
        self._skip(end)
        rest = _REST.match(self.text, end)
        end = rest.end() if rest else end
        newline = _NEWLINE.match(self.text, end)
        if newline or end == len(self.text):
            if not newline and self.text.endswith("\\\n", 0, end):
                raise self._refuse("unexpected end of file after a line continuation")
            self._note_comment(end)
            self._skip(newline.end() if newline else end)
            return True
        self._indent(width, narrow)
        return False

    def _measure(self) -> tuple[int, int, int]:
        """Width of the white space here with tabs to eight and to one, and where it ends."""
        width = narrow = 0
        split: tuple[int, int] | None = None
        blank = _BLANK.match(self.text, self._at)
        end = blank.end() if blank else self._at
        for char in self.text[self._at : end]:
            match char:
                case " ":
                    width, narrow = width + 1, narrow + 1
                case "\t":
                    width, narrow = (width // _TAB + 1) * _TAB, narrow + 1
                case "\f":
                    width = narrow = 0
                case "\n":
                    # The first of several physical lines decides.
                    split = split if split and split[0] else (width, narrow)
                    width = narrow = 0
                case _:
                    pass
        if split and split[0]:
            width = narrow = split[0]
        return width, narrow, end

    def _indent(self, width: int, narrow: int) -> None:
        top = self._indents[-1]
        if width == top[0]:
            if narrow != top[1]:
                raise self._refuse("inconsistent use of tabs and spaces in indentation")
        elif width > top[0]:
            if narrow <= top[1]:
                raise self._refuse("inconsistent use of tabs and spaces in indentation")
            self._indents.append((width, narrow))
            self._emit(Type.INDENT, self._at)
        else:
            self._dedent(width, narrow)

    def _dedent(self, width: int, narrow: int) -> None:
        while width < self._indents[-1][0]:
            self._indents.pop()
            self._emit(Type.DEDENT, self._at)
        if self._indents[-1] != (width, narrow):
            raise self._refuse("unindent does not match any outer indentation level")

    def _note_comment(self, end: int) -> None:
        if end > self._at:
            self.comments.append((self._at, end))

    def _read_token(self) -> bool:
        """Read one token; true when the next line begins after it."""
        if blank := _BLANK.match(self.text, self._at):
            self._skip(blank.end())
            if self._at == len(self.text) and blank[0].endswith("\n"):
                raise self._refuse("unexpected end of file after a line continuation")
        rest = _REST.match(self.text, self._at)
        end = rest.end() if rest else self._at
        self._note_comment(end)
        self._skip(end)
        if newline := _NEWLINE.match(self.text, self._at):
            return self._end_line(newline.end())
        if self._at < len(self.text):
            self._read_plain()
        return False

    def _end_line(self, end: int) -> bool:
        if self._brackets:
            self._skip(end)
            return False
        self._emit(Type.NEWLINE, end)
        self._line += 1
        self._known = (end, 0)
        return True

    def _read_plain(self) -> None:
        found = _TOKEN.match(self.text, self._at)
        if not found:
            raise self._refuse(f"invalid character U+{ord(self.text[self._at]):04X}")
        match found.lastgroup:
            case "name":
                self._read_name(found[0])
            case "operator":
                self._read_operator(found[0])
            case "number":
                if not _AFTER_NUMBER.match(self.text, found.end()):
                    raise self._refuse("invalid number")
                self._emit(Type.NUMBER, found.end())
            case "string":
                self._read_string(found[0].lstrip("bBrRuU"), found.end())
            case _:
                self._parts.append(_Parts(found[0].lstrip("fFtTrR"), "r" in found[0].lower()))
                self._emit(Type.FSTART, found.end())

    def _read_name(self, name: str) -> None:
        end = self._at + len(name)
        if name in KEYWORDS:
            self._emit(Type.KEYWORD, end)
        elif name.isascii():
            self._emit(Type.NAME, end)
        elif name.isidentifier():
            self._emit(Type.NAME, end, unicodedata.normalize("NFKC", name))
        else:
            raise self._refuse("invalid character in identifier")

    def _read_string(self, quotes: str, at: int) -> None:
        stop = _STOPS[quotes]
        while found := stop.search(self.text, at):
            if found[0] == quotes:
                self._emit(Type.STRING, found.end())
                return
            if found[0] == "\n":
                break
            at = found.end() + 1
        raise self._refuse("unterminated string literal")

    def _read_operator(self, operator: str) -> None:
        part = self._parts[-1].fields[-1] if self._parts else None
        is_outer = part is not None and part.depth == len(self._brackets)
        if operator == ":=" and is_outer:
            operator = ":"
        end = self._at + len(operator)
        if operator in "([{":
            self._brackets.append(operator)
        elif operator in _PAIRS:
            if not self._brackets or self._brackets.pop() != _PAIRS[operator]:
                raise self._refuse(f"unmatched {operator!r}")
            if is_outer:
                self._parts[-1].fields.pop()
        elif operator == ":" and part and is_outer:
            part.in_format = True
        elif operator == "!" and not is_outer:
            raise self._refuse("invalid syntax")
        self._emit(Type.OP, end)

    def _is_in_literal(self) -> bool:
        fields = self._parts[-1].fields
        return not fields or fields[-1].in_format

    def _read_literal(self) -> None:
        """Read literal text of an f-string and the mark that ends it."""
        part = self._parts[-1]
        mark, at = self._find_mark(part)
        if at > self._at:
            written = self.text[self._at : at]
            self._emit(Type.FMIDDLE, at, written.replace("{{", "{").replace("}}", "}"))
        if mark == part.quotes:
            if part.fields:
                raise self._refuse("f-string: expecting '}'")
            self._emit(Type.FEND, at + len(mark))
            self._parts.pop()
        elif mark == "{":
            self._emit(Type.OP, at + 1)
            self._brackets.append("{")
            part.fields.append(_Field(len(self._brackets)))
        else:
            self._emit(Type.OP, at + 1)
            self._brackets.pop()
            part.fields.pop()

    def _find_mark(self, part: _Parts) -> tuple[str, int]:
        """The quotes or single brace that end the literal text here, and their offset."""
        search, at, text = _MARKS[part.quotes].search, self._at, self.text
        while found := search(text, at):
            at, mark = found.start(), found[0]
            if mark == "\\":
                at = self._skip_escape(at, is_raw=part.is_raw)
            elif mark == "\n":
                break
            elif mark in "{}" and not part.fields and text.startswith(mark, at + 1):
                at += 2
            elif mark == "}" and not part.fields:
                raise self._refuse("f-string: single '}' is not allowed")
            else:
                return mark, at
        raise self._refuse("unterminated f-string literal")

    def _skip_escape(self, at: int, *, is_raw: bool) -> int:
        if self.text.startswith(("{", "}"), at + 1):
            return at + 1
        if not is_raw and self.text.startswith("N{", at + 1):
            end = self.text.find("}", at)
            return end + 1 if end >= 0 else len(self.text)
        return at + 2
