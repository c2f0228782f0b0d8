"""The table of known tricks: text files of snippets, each with what it installs and a near miss.

A file of ``cases/`` holds blocks. ``== name | effect | first version`` begins a snippet, ``-- quiet``
its near miss, which does nothing of the kind, ``-- later`` another one, in which only a function that
nobody calls does it (both may name an effect of their own); ``++ file.py`` begins another file beside it.
``effect`` names an audit event or a state. ``hidden`` after it says that the hook's name is put together
although its letters stand in the file, ``apart`` that it is put together over two files, which the tool
does not tell from a plain name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wheelwatch.model import Kind

FOLDER = Path(__file__).parent / "cases"
VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
FAMILIES = {
    "trace": Kind.TRACE,
    "profile": Kind.PROFILE,
    "audit": Kind.AUDIT,
    "monitor": Kind.MONITOR,
    "threading": Kind.TRACE,
    "import": Kind.IMPORT,
    "builtins": Kind.BUILTINS,
    "exception": Kind.EXCEPTION,
    "display": Kind.DISPLAY,
    "gc": Kind.GC,
    "modules": Kind.MODULES,
    "codec": Kind.CODEC,
    "patch": Kind.PATCH,
    "signal": Kind.SIGNAL,
    "exit": Kind.EXIT,
    "fork": Kind.FORK,
    "runtime": Kind.RUNTIME,
    "native": Kind.NATIVE,
    "eval-frame": Kind.EVAL_FRAME,
    "process": Kind.PROCESS,
    "decode": Kind.DECODE_RUN,
}
"""Each effect with the family that its site must have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One program: its main file, files beside it, and the versions that it claims."""

    name: str
    row: str
    effect: str
    is_quiet: bool
    """It does nothing when it is imported."""
    is_later: bool
    """It does something in a function that is never called."""
    is_hidden: bool
    """The hook is reached by a name that is computed."""
    is_apart: bool
    """That name is computed over two files, which is not told as such."""
    files: tuple[tuple[str, str], ...]
    pythons: tuple[str, ...]


def snippets() -> list[Snippet]:
    """Every snippet and near miss of the table, in file order."""
    found: list[Snippet] = []
    for path in sorted(FOLDER.glob("*.txt")):
        name, effect, flags = "", "", set[str]()
        for block in _blocks(path.read_text(encoding="utf-8")):
            head, files = block
            parts = [part.strip() for part in head[3:].split("|")]
            is_quiet = head.startswith("--")
            is_later = head.startswith("-- later")
            first = parts[-1] if parts[-1][:2] == "3." else VERSIONS[0]
            last = VERSIONS[-1]
            if first.endswith("only"):
                first = last = first.split()[0]
            elif "-" in first:
                first, last = first.split("-")
            if not is_quiet:
                name, effect, flags = parts[0], parts[1], set(parts[2:])
            elif len(parts) > 1 and parts[1] in FAMILIES:
                effect = parts[1]
            pythons = VERSIONS[VERSIONS.index(first) : VERSIONS.index(last) + 1]
            found.append(
                Snippet(
                    name=name,
                    row=path.stem,
                    effect=effect,
                    is_quiet=is_quiet,
                    is_later=is_later,
                    is_hidden="hidden" in flags,
                    is_apart="apart" in flags,
                    files=files,
                    pythons=pythons,
                )
            )
    return found


def _blocks(text: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Heads with the files that follow them."""
    blocks: list[tuple[str, dict[str, list[str]]]] = []
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith(("== ", "-- ")):
            current = []
            blocks.append((line, {"snippet.py": current}))
        elif line.startswith("++ "):
            current = []
            blocks[-1][1][line[3:].strip()] = current
        elif blocks:
            current.append(line)
    return [
        (head, tuple((name, "\n".join(lines) + "\n") for name, lines in files.items()))
        for head, files in blocks
    ]
