"""Requirements files as pip reads them: every line is a requirement, an option, a note or an error."""

from __future__ import annotations

import codecs
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wheelwatch.limits import Limits
from wheelwatch.model import Failure
from wheelwatch.sources.address import INSIDE, OUTSIDE, leads_out, real, redacted
from wheelwatch.sources.plan import Asked, Direct, DirectKind, Option, Plan, Requirement
from wheelwatch.sources.request.written import BadRequirementError, parse

if TYPE_CHECKING:
    import pip_requirements_parser as pip

STDIN = "-"
MAX_LINES = 100_000
MAX_FILES = 500
LONGEST = 64 * 1024
"""Characters of a line with those that continue it; two hundred hashes have a third of it."""

SHOWN = 500
HONOURED = {
    "index_url": "index-url",
    "extra_index_urls": "extra-index-url",
    "no_index": "no-index",
    "find_links": "find-links",
    "trusted_hosts": "trusted-host",
    "pre": "pre",
    "prefer_binary": "prefer-binary",
    "only_binary": "only-binary",
    "no_binary": "no-binary",
    "require_hashes": "require-hashes",
}
"""Options that change what is resolved, by the parser's name for them."""

_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_HASH = re.compile(r"(?:sha256|sha384|sha512):[0-9A-Fa-f]+")
_GAP = re.compile(r"[^\S\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]{256,}")
_COOKIE = re.compile(rb"coding[:=]\s*([-\w.]+)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_requirements(
    path: str,
    limits: Limits,
    *,
    data: bytes | None = None,
    is_constraint: bool = False,
    base: str = "",
) -> Plan:
    """What a requirements file and the files that it names ask for.

    Args:
        path: the file as given; files that it includes count from its folder, as for pip.
        limits: bounds on its size.
        data: its bytes where they are known already (standard input).
        is_constraint: it only limits versions.
        base: folder from which the packages that it names by a path count, and out of which no path may
            lead; empty for the current one and any path.
    """
    reading = _Reading(limits, base)
    reading.file(path, data, is_constraint=is_constraint)
    return reading.plan()


class _Reading:
    """The files of one ``-r`` option, gathered; a queue in place of recursion."""

    def __init__(self, limits: Limits, base: str) -> None:
        self.limits = limits
        self.base = base
        self.seen: set[tuple[str, bool]] = set()
        self.requirements: list[Requirement] = []
        self.constraints: list[Requirement] = []
        self.directs: list[Direct] = []
        self.options: list[Option] = []
        self.failures: list[Failure] = []
        self.notes: list[str] = []

    def plan(self) -> Plan:
        return Plan(
            requirements=tuple(self.requirements),
            constraints=tuple(self.constraints),
            directs=tuple(self.directs),
            options=tuple(self.options),
            failures=tuple(self.failures),
            notes=tuple(self.notes),
        )

    def file(self, path: str, data: bytes | None, *, is_constraint: bool) -> None:
        """Reads a file, and those that it names where their lines stand."""
        self.seen.add((real(path), is_constraint))
        waiting = [self._lines(path, data, is_constraint=is_constraint)]
        while waiting:
            nested = next(waiting[-1], None)
            if nested is None:
                waiting.pop()
                continue
            asked, inner, is_inner_constraint = nested
            key = (real(inner), is_inner_constraint)
            if key in self.seen or not self._is_inside(inner, asked):
                continue
            if len(self.seen) >= MAX_FILES:
                self._fail(asked, f"more than {MAX_FILES} files are named; this one was not read")
                continue
            self.seen.add(key)
            waiting.append(self._lines(inner, None, is_constraint=is_inner_constraint, asked=asked))

    def _lines(
        self, path: str, data: bytes | None, *, is_constraint: bool, asked: Asked | None = None
    ) -> Iterator[tuple[Asked, str, bool]]:
        """Takes line after line; yields the files that lines name."""
        text = self._text(path, data, asked)
        if text is None:
            return
        import pip_requirements_parser as pip  # noqa: PLC0415 - 60 ms, only where there is such a file

        with tempfile.TemporaryDirectory(prefix="wheelwatch-") as folder:
            # The parser takes files only and guesses encodings by the locale.
            copy = Path(folder, "requirements.txt")
            copy.write_bytes(codecs.BOM_UTF8 + text.encode())
            rows = list(
                pip.parse_requirements(str(copy), is_constraint=is_constraint, include_nested=False)
            )
        # The next file stands where this one is named, so later options win as they do for pip.
        for row in rows:
            if isinstance(row, pip.CommentRequirementLine):
                continue
            line = row.requirement_line
            found = Asked(_short(redacted(line.line)), path, line.line_number)
            if isinstance(row, pip.InvalidRequirementLine):
                self._fail(found, f"this line cannot be read: {_short(redacted(row.error_message))}")
            elif isinstance(row, pip.OptionLine):
                yield from self._option_line(row, found, path)
            else:
                self._requirement(row, found, is_constraint=is_constraint)

    def _text(self, path: str, data: bytes | None, asked: Asked | None) -> str | None:
        where = asked or Asked(path)
        if "://" in path:
            hint = "download it first and audit the file"
            self._fail(where, f"{redacted(path)} is an address, and only files are read", hint)
            return None
        if data is None:
            data = self._bytes(path, where)
        if data is None:
            return None
        if len(data) > self.limits.metadata_bytes:
            self._fail(where, f"{path} has more than {self.limits.metadata_bytes} bytes")
            return None
        try:
            text = decode(data)
        except (UnicodeError, LookupError) as error:
            hint = "save it as UTF-8"
            self._fail(where, f"{path} cannot be decoded: {error}", hint)
            return None
        if too_much := _too_much(text):
            self._fail(where, f"{path} has {too_much}")
            return None
        # The parser's time grows with the square of a gap.
        return _GAP.sub(" ", text)

    def _bytes(self, path: str, where: Asked) -> bytes | None:
        try:
            with open(path, "rb") as stream:  # noqa: PTH123 - a NUL in the name must not raise elsewhere
                data = stream.read(self.limits.metadata_bytes + 1)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            self._fail(where, f"{path} cannot be read: {why}", "check the spelling of the path")
            return None
        return data

    def _option_line(
        self, row: pip.OptionLine, asked: Asked, path: str
    ) -> Iterator[tuple[Asked, str, bool]]:
        for name, value in row.options.items():
            for one in value if isinstance(value, list) else [value]:
                if name in ("requirements", "constraints"):
                    inner = expanded(str(one))
                    if "://" not in inner:
                        inner = os.path.join(os.path.dirname(path), inner)  # noqa: PTH118, PTH120
                    yield asked, inner, name == "constraints"
                elif name in HONOURED:
                    self._option(HONOURED[name], one, asked, path)
                else:
                    self.notes.append(f"{asked.place}: ignored here: --{name.replace('_', '-')}")
        if not row.options:
            self._fail(asked, "this line says nothing that could be read")

    def _option(self, name: str, value: object, asked: Asked, path: str) -> None:
        text = "" if value is True else expanded(str(value))
        if name == "find-links" and "://" not in text:
            # As pip: below the file where it exists there, else as it is.
            beside = os.path.join(os.path.dirname(os.path.abspath(path)), text)  # noqa: PTH100, PTH118, PTH120
            text = beside if os.path.exists(beside) else os.path.join(self.base, text)  # noqa: PTH110, PTH118
        self.options.append(Option(name, text, asked))

    def _requirement(self, row: pip.ParsedRequirement, asked: Asked, *, is_constraint: bool) -> None:
        if row.invalid_options:
            names = ", ".join("--" + name.replace("_", "-") for name in row.invalid_options)
            self._fail(asked, f"{names} cannot stand on the line of a requirement")
            return
        given = dict(row.options or {})
        hashes = tuple(given.pop("hashes", ()))
        if odd := [one for one in hashes if _HASH.fullmatch(one) is None]:
            hint = "pip takes sha256, sha384 and sha512: --hash=sha256:..."
            self._fail(asked, f"this is no hash that can be asked for: {_short(odd[0])}", hint)
            return
        if given:
            names = ", ".join("--" + name.replace("_", "-") for name in given)
            self.notes.append(f"{asked.place}: ignored here, as nothing is built: {names}")
        try:
            found = parse(
                expanded(row.requirement_string),
                asked,
                hashes=hashes,
                is_editable=row.is_editable,
                base=self.base,
            )
        except BadRequirementError as error:
            self._fail(asked, _short(redacted(str(error))))
            return
        self._keep(found, is_constraint=is_constraint)

    def _keep(self, found: Requirement | Direct, *, is_constraint: bool) -> None:
        if isinstance(found, Requirement):
            (self.constraints if is_constraint else self.requirements).append(found)
        elif not is_constraint:
            if self._is_inside(found.place, found.asked):
                self.directs.append(found)
        elif found.kind is DirectKind.ARCHIVE and found.name:
            what = "a constraint that names an address is not supported"
            self._fail(found.asked, what, "write it as a requirement")
        else:
            what = "a path, a repository or an editable cannot be a constraint"
            self._fail(found.asked, what, "write it as a requirement")

    def _is_inside(self, path: str, asked: Asked) -> bool:
        if leads_out(path, self.base):
            self.failures.append(Failure(where=asked.full, what=OUTSIDE, hint=INSIDE))
            return False
        return True

    def _fail(self, asked: Asked, what: str, hint: str = "") -> None:
        self.failures.append(Failure(where=asked.full, what=what, hint=hint))


def _too_much(text: str) -> str:
    """What is beyond the bounds, empty when nothing is: the time for a line grows with its square."""
    length = 0
    for number, line in enumerate(text.splitlines(), 1):
        length += len(line)
        if length > LONGEST:
            return f"more than {LONGEST} characters in one line, which ends at line {number}"
        if number > MAX_LINES:
            return f"more than {MAX_LINES} lines"
        if not line.endswith("\\"):
            length = 0
    return ""


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def decode(data: bytes) -> str:
    """The text of a requirements file: by its byte order mark, its coding cookie, else UTF-8.

    Raises:
        UnicodeError: the bytes do not fit the encoding.
        LookupError: there is no such encoding.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding)
    for line in data.split(b"\n", 2)[:2]:
        if line[:1] == b"#" and (cookie := _COOKIE.search(line)):
            return data.decode(cookie[1].decode("ascii"))
    return data.decode("utf-8")


def expanded(text: str) -> str:
    """The text with ``${NAME}`` replaced by what the environment says, as for pip."""
    return _VARIABLE.sub(lambda found: os.environ.get(found[1]) or found[0], text)
