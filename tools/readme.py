"""The blocks of README.md that show what a command prints, and the picture of the terminal.

``python -m tools.readme`` runs every command of every ``console`` block and writes its output below it;
``--check`` compares instead and ends 1 when something differs. In a block, a line that begins with ``$``
is a command: ``wheelwatch ...``, or ``echo $?`` for the exit code of the one before. They run in a folder
that holds nothing but the demo wheel.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tools import demo

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "terminal.svg"
WORK = ROOT / ".build" / "readme"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WIDTH = 100
PICTURED = "wheelwatch scan demo-1.0-py3-none-any.whl"
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Shell:
    """Runs the commands of the README and remembers the last exit code, as a shell does."""

    def __init__(self) -> None:
        self.code = 0

    def answer(self, command: str, *, color: str = "never") -> str:
        """What the command prints, on either stream, without trailing blanks."""
        if command == "echo $?":
            return f"{self.code}\n"
        words = shlex.split(command)
        if words[0] != "wheelwatch":
            raise SystemExit(f"README.md: only wheelwatch is run, not {command!r}")
        done = subprocess.run(
            [sys.executable, "-m", "wheelwatch", *words[1:]],
            cwd=WORK,
            env=_environment(color),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.code = done.returncode
        text = done.stdout.decode()
        return "".join(line.rstrip() + "\n" for line in text.strip("\n").splitlines())


def render(readme: str) -> str:
    """The README with the output of every command as it is now."""
    shell = Shell()
    return BLOCK.sub(lambda block: f"```console\n{_block(shell, block.group(1))}```", readme)


def picture() -> str:
    """The terminal with the scan of the demo wheel, as SVG; it names no font that is fetched."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115, PTH123
    console.print(Text(f"$ {PICTURED}"))
    console.print(Text.from_ansi(Shell().answer(PICTURED, color="always")))
    svg = FONT.sub("", console.export_svg(title="wheelwatch", unique_id="wheelwatch"))
    return "".join(line.rstrip() + "\n" for line in svg.splitlines())


def main(arguments: list[str]) -> int:
    """Write what the commands print now, or with ``--check`` compare; 1 when something differs."""
    WORK.mkdir(parents=True, exist_ok=True)
    demo.build(WORK)
    made = {README: render(README.read_text()), PICTURE: picture()}
    if "--check" in arguments:
        return max([_compare(path, text) for path, text in made.items()])
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return 0


def _block(shell: Shell, block: str) -> str:
    commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{shell.answer(command)}" for command in commands)


def _compare(path: Path, text: str) -> int:
    place = path.relative_to(ROOT).as_posix()
    old = path.read_text() if path.exists() else ""
    if old == text:
        print(f"{place} shows what the commands print")
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(old.splitlines(keepends=True), text.splitlines(keepends=True), place, "now")
    )
    print(f"{place} is out of date: make readme-update", file=sys.stderr)
    return 1


def _environment(color: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WHEELWATCH_")}
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "NO_COLOR", "FORCE_COLOR", "TERM"):
        kept.pop(name, None)
    colors = {"FORCE_COLOR": "1", "TERM": "xterm-256color"} if color == "always" else {"NO_COLOR": "1"}
    return kept | colors | {"COLUMNS": str(WIDTH), "PYTHONUTF8": "1"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
