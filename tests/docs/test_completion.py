"""What bash, fish and zsh offer with the completion files, as these shells themselves say."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import manual

pytestmark = pytest.mark.processes

FOLDER = manual.ROOT / "docs" / "completion"
VERBS = {"scan", "audit", "approve", "diff", "startup", "rules", "explain", "cache"}
FORMS = {"text", "json", "sarif", "github", "junit", "markdown"}
SECONDS = 120
CASES = [
    ("wheelwatch ", VERBS, {"--format", "info"}),
    ("wheelwatch --v", {"--version"}, {"scan"}),
    ("wheelwatch sc", {"scan"}, {"audit"}),
    ("wheelwatch scan --fo", {"--format"}, {"--baseline"}),
    ("wheelwatch scan --format ", FORMS, {"audit"}),
    ("wheelwatch diff --format j", {"json"}, {"junit"}),
    ("wheelwatch approve --req", {"--requirement"}, {"--format"}),
    ("wheelwatch cache ", {"info", "clear"}, {"scan"}),
]
cases = pytest.mark.parametrize(("line", "wanted", "foreign"), CASES)


@cases
def test_bash_completes(line: str, wanted: set[str], foreign: set[str]) -> None:
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    script = (
        f"source '{FOLDER / 'wheelwatch.bash'}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1};"
        ' _wheelwatch; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=True)
    found = set(done.stdout.split())
    assert wanted <= found
    assert not foreign & found
    assert all(word.startswith(words[-1]) for word in found)


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish to load its completion")
@cases
def test_fish_completes(line: str, wanted: set[str], foreign: set[str], tmp_path: Path) -> None:
    script = f"source '{FOLDER / 'wheelwatch.fish'}'; complete -C '{line}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    found = {row.partition("\t")[0] for row in done.stdout.splitlines()}
    assert wanted <= found
    assert not foreign & found


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh to load its completion")
@cases
def test_zsh_completes(line: str, wanted: set[str], foreign: set[str], tmp_path: Path) -> None:
    shown = _listed(line, wanted, tmp_path)
    found = set(re.split(r"\s+", shown))
    assert wanted <= found, shown
    assert not foreign & found, shown


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh to load its completion")
def test_zsh_shows_brackets_and_colons(tmp_path: Path) -> None:
    shown = _listed("wheelwatch scan --conf", {"--config"}, tmp_path)
    assert "-- The policy. Default: [tool.wheelwatch] of the current directory's pyproject.toml" in shown


def _listed(line: str, wanted: set[str], home: Path) -> str:
    """What zsh lists for a line on its terminal: read until everything wanted has come, or for too long."""
    pid, terminal = pty.fork()
    if pid == 0:
        settings = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        os.chdir(home)
        os.execvpe("zsh", ["zsh", "-f", "-i"], settings)
    try:
        setup = (
            f"stty cols 250; PS1=; fpath=('{FOLDER}' $fpath); autoload -Uz compinit; compinit -u -D;"
            " bindkey '^I' list-choices; LISTMAX=10000; echo rea''dy\n"
        )
        os.write(terminal, setup.encode())
        _read(terminal, lambda text: "ready\r\n" in text)
        os.write(terminal, f"{line}\t".encode())
        return _read(terminal, lambda text: wanted <= set(text.split()) - {line.rsplit(maxsplit=1)[-1]})
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


def _read(terminal: int, is_enough: Callable[[str], bool]) -> str:
    data = b""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 0.5)
        if ready:
            data += os.read(terminal, 65536)
        elif is_enough(_plain(data)):
            break
    return _plain(data)


def _plain(data: bytes) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]", " ", data.decode("utf-8", "replace"))
