"""Each snippet does in real interpreters what it claims; each near miss does not."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.evasions.table import VERSIONS, Snippet, snippets
from tests.support.pythons import interpreters

DRIVER = Path(__file__).with_name("driver.py")
QUIET_ANYWAY = {"audit", "decode", "native", "eval-frame"}
"""Effects whose event is also raised by the driver or by any import."""


@pytest.mark.executes
@pytest.mark.parametrize("version", VERSIONS)
def test_snippets_do_what_they_claim(version: str, tmp_path: Path) -> None:
    executable = interpreters().get(version)
    if executable is None:
        pytest.skip(f"no CPython {version} here")
    chosen = [snippet for snippet in snippets() if version in snippet.pythons]
    answers = _run(executable, chosen, tmp_path)
    wrong = [
        f"{snippet.row}: {snippet.name}{' (quiet)' if snippet.is_quiet else ''}: {answer}"
        for snippet, answer in zip(chosen, answers, strict=True)
        if _is_wrong(snippet, answer)
    ]
    assert not wrong, "\n".join(wrong)


def _is_wrong(snippet: Snippet, answer: dict[str, object]) -> bool:
    if "error" in answer:
        return True
    if snippet.is_quiet:
        return bool(answer["fired"]) and snippet.effect not in QUIET_ANYWAY
    return not answer["fired"]


def _run(executable: Path, chosen: list[Snippet], folder: Path) -> list[dict[str, object]]:
    lines: list[str] = []
    for number, snippet in enumerate(chosen):
        place = folder / str(number)
        place.mkdir()
        for name, text in snippet.files:
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        lines.append(f"{place}\t{snippet.effect}\n")
    done = subprocess.run(
        [str(executable), "-S", "-B", "-E", str(DRIVER)],
        input="".join(lines),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        cwd=folder,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
