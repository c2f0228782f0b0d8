"""All snippets as packages of one site directory."""

from __future__ import annotations

from pathlib import Path

from tests.evasions.table import Snippet, snippets


def fill(root: Path) -> Path:
    """Write each snippet as a package, ``case0``, ``case1``... in file order, and return the root."""
    for number, snippet in enumerate(snippets()):
        package = root / f"case{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("from . import snippet\n", encoding="utf-8")
        _write(package, snippet)
    return root


def _write(package: Path, snippet: Snippet) -> None:
    for name, text in snippet.files:
        (package / name).write_text(_relative(text), encoding="utf-8")


def _relative(text: str) -> str:
    """The same program as part of a package."""
    text = text.replace("from neighbour", "from .neighbour")
    return text.replace("import neighbour\n", "from . import neighbour\n")
