"""All snippets as packages of one site directory."""

from __future__ import annotations

import re
from pathlib import Path

from tests.evasions.table import Snippet, snippets

_BESIDE = "(neighbour|third)"


def fill(root: Path) -> Path:
    """Write each snippet as a package, ``case0``, ``case1``... in file order, and return the root."""
    for number, snippet in enumerate(snippets()):
        package = root / f"case{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("from . import snippet\n", encoding="utf-8")
        _write(package, snippet)
        _own(root, package)
    return root


def _own(root: Path, package: Path) -> None:
    """Make the package a distribution: what is read together, and how much of it, goes by distribution."""
    about = root / f"{package.name}-1.0.dist-info"
    about.mkdir()
    texts = {"METADATA": f"Metadata-Version: 2.1\nName: {package.name}\nVersion: 1.0\n"}
    texts["WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    for name, text in texts.items():
        (about / name).write_text(text, encoding="utf-8")
    names = sorted(str(path.relative_to(root)) for path in package.rglob("*") if path.is_file())
    rows = [*names, *(f"{about.name}/{name}" for name in (*texts, "RECORD"))]
    (about / "RECORD").write_text("".join(f"{name},,\n" for name in rows), encoding="utf-8")


def _write(package: Path, snippet: Snippet) -> None:
    for name, text in snippet.files:
        (package / name).write_text(_relative(text), encoding="utf-8")


def _relative(text: str) -> str:
    """The same program as part of a package."""
    text = re.sub(rf"^(\s*)from {_BESIDE}\b", r"\1from .\2", text, flags=re.M)
    return re.sub(rf"^(\s*)import {_BESIDE}( as \w+)?(?:, (.*))?$", _import, text, flags=re.M)


def _import(found: re.Match[str]) -> str:
    """``import neighbour, sys`` as an import of the package's own module, and one of the rest."""
    indent, name, alias, rest = found.groups()
    lines = [f"{indent}from . import {name}{alias or ''}"]
    for one in (rest or "").split(", "):
        lines += (
            [f"{indent}from . import {one}" if re.fullmatch(_BESIDE, one) else f"{indent}import {one}"]
            if one
            else []
        )
    return "\n".join(lines)
