"""What the surface says of a generated site directory, told as the marks and paths that a run would leave.

The surface takes every line to succeed that may. The generated lines show which do not, and this module
applies what a failure stops; everything else comes from ``wheelwatch.startup``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.startup.sets import distribution, read, target
from tests.truth.startup.cases import Case
from tests.truth.startup.parts import EXITS, FAILS
from wheelwatch.model import Inline, StartupEntry, StartupKind
from wheelwatch.startup import Dialect, Phase, dialect, sequence, surface
from wheelwatch.startup.lines import read_pth

MARK = re.compile(r"""ww\.mark\((?:'''|"|')([^"']*)(?:'''|"|')\)""")
CALL = re.compile(r"import (\w+); \1\.go\(\)")
LATE = re.compile(r"import (late_\w+)")


class _EndError(Exception):
    """The start of the interpreter ends here."""


@dataclass
class Run:
    """What a run leaves: marks in order, folders added to the path, the name of an escaping exception."""

    marks: list[str] = field(default_factory=list)
    path: set[str] = field(default_factory=set)
    fatal: str = ""


def expected(case: Case, folder: str, release: str, *, is_venv: bool = False) -> Run:
    """What a release does with the directory at ``folder``.

    ``is_venv``: the interpreter of a virtual environment starts with it: two passes up to 3.14, and no
    ``usercustomize``; else one ``site.addsitedir`` and both customize modules.
    """
    return _Start(case, folder, dialect(release), is_venv=is_venv).run()


class _Start:
    def __init__(self, case: Case, folder: str, spoken: Dialect, *, is_venv: bool) -> None:
        self.files = {place: text.replace(b"@SITE@", folder.encode()) for place, text in case.files.items()}
        self.spoken = spoken
        self.is_venv = is_venv
        self.done = Run()
        self.imported: set[str] = set()
        one = target(distribution(self.files, root=folder))
        found = surface(one, read, spoken=(spoken,))
        self.steps: dict[Phase, list[StartupEntry]] = {phase: [] for phase in Phase}
        for boot in sequence(one, found):
            self.steps[boot.phase].append(boot.entry)

    def run(self) -> Run:
        try:
            if self.spoken.defers:
                self._deferred()
            else:
                for _ in range(1 + self.is_venv):
                    self._pass()
            self._customize(Phase.SITECUSTOMIZE)
            if not self.is_venv:
                self._customize(Phase.USERCUSTOMIZE)
        except _EndError as end:
            self.done.fatal = str(end)
        return self.done

    def _pass(self) -> None:
        """One ``addsitedir`` up to 3.14."""
        for name in sorted(name for name in self.files if "/" not in name):
            if not self.spoken.takes(name, ".pth"):
                continue
            rows = [entry for entry in self.steps[Phase.SITE] if entry.member.path == name]
            if all(self._works(entry) for entry in rows if "not UTF-8" not in entry.detail):
                self._survives(name)

    def _deferred(self) -> None:
        for name in sorted(name for name in self.files if "/" not in name):
            if self.spoken.takes(name, ".pth"):
                self._survives(name)
        for phase in (Phase.PATHS, Phase.IMPORTS):
            for entry in self.steps[phase]:
                self._works(entry)
        for entry in self.steps[Phase.STARTS]:
            self._call(entry.target)

    def _survives(self, name: str) -> None:
        if read_pth(self.files[name], self.spoken).is_fatal:
            raise _EndError("UnicodeDecodeError")

    def _works(self, entry: StartupEntry) -> bool:
        """Run one line; whether the next one of its file is reached."""
        if entry.kind is StartupKind.PTH_PATH:
            if not entry.detail:
                self.done.path.add(entry.target)
            return True
        assert entry.code is not None
        assert isinstance(entry.code.source, Inline)
        code = entry.code.source.data.decode()
        return self._execute(code)

    def _execute(self, code: str) -> bool:
        late = LATE.search(code)
        if late and not any(f"{place}/{late[1]}.py" in self.files for place in self.done.path):
            return False
        if (call := CALL.match(code)) is not None:
            self._call(f"{call[1]}:go")
        fails = min((code.find(word) for word in FAILS if word in code), default=len(code))
        ends = code.find(EXITS)
        reached = code[: min(fails, ends if ends >= 0 else len(code))]
        self.done.marks += MARK.findall(reached)
        if ends >= 0 and (fails == len(code) or code.find("raise ") < ends):
            raise _EndError("SystemExit")
        return fails == len(code)

    def _customize(self, phase: Phase) -> None:
        for entry in self.steps[phase]:
            if "on Windows" in entry.detail or not entry.member.path.endswith(".py"):
                continue  # generated natives are no ELF files: they hide the source and run nothing
            text = self.files[entry.member.path].decode()
            if "(\n" not in text and "\0" not in text:
                self._execute(text)

    def _call(self, line: str) -> None:
        module, _, name = line.partition(":")
        found = self._import(module)
        if found and (name in {"go", "C.d"}) and "def go" in found:
            self.done.marks.append(f"call:{module}:{name}")

    def _import(self, module: str) -> str:
        """Run the bodies of a module and its parents; its text, empty when the import fails."""
        text = ""
        parts = module.split(".")
        for count in range(1, len(parts) + 1):
            text = self._find("/".join(parts[:count]))
            if not text:
                return ""
            name = ".".join(parts[:count])
            if name not in self.imported:
                self.imported.add(name)
                if not self._execute(_body(text)):
                    self.imported.discard(name)
                    return ""
        return text

    def _find(self, stem: str) -> str:
        for lead in ("", *(f"{place}/" for place in sorted(self.done.path))):
            for place in (f"{lead}{stem}/__init__.py", f"{lead}{stem}.py"):
                if place in self.files:
                    return self.files[place].decode()
        return ""


def _body(text: str) -> str:
    """The module level of a generated module."""
    return text.partition("def go")[0]


def shown(marks: Iterable[str]) -> list[str]:
    """Marks in the spelling that a real start writes to its file."""
    return [mark.encode("unicode_escape").decode() for mark in marks]
