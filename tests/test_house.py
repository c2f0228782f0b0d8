"""The rules of the house that no linter holds: sizes, names, and what must not be in the repository."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LONGEST_FILE = 350
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 11
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "core", "misc"}
SUPPRESSION = re.compile(r"#\s*noqa(?!: ?[A-Z]+\d+)|#\s*type:\s*ignore(?!\[)|pragma: no cover")
TEXTS = {".py", ".toml", ".md", ".txt", ".yaml", ".json", ".svg", ""}
OF_ONE_MACHINE = re.compile(r"/root/|\.pyenv/versions/\d|/work/(?:main|shared)")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of every function, its docstring and its list of parameters counted as one line."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = node.body[0].lineno
            if ast.get_docstring(node, clean=False) is not None:
                start = (node.body[0].end_lineno or start) + 1
            yield f"{place(path)}:{node.name}", (node.end_lineno or start) - start + 2


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix in TEXTS]


def test_no_file_is_long() -> None:
    long = {place(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_long_and_half_of_them_are_short() -> None:
    sizes = dict(size for path in SOURCES for size in functions(path))
    assert {name: lines for name, lines in sizes.items() if lines > LONGEST_FUNCTION} == {}
    assert statistics.median(sizes.values()) <= MEDIAN_FUNCTION


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        place(path) for path in SOURCES if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES
    ] == []


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "benchmarks"])
def test_no_check_is_switched_off_as_a_whole(folder: str) -> None:
    found = [
        f"{place(path)}:{number}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SUPPRESSION.search(line) and path != Path(__file__).resolve()
    ]
    assert found == []


def test_every_tests_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [place(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


@pytest.mark.processes
def test_nothing_of_one_machine_is_in_the_repository() -> None:
    found = [
        f"{place(path)}: {match.group()}"
        for path in tracked()
        if path != Path(__file__).resolve()
        and (match := OF_ONE_MACHINE.search(path.read_text(errors="replace")))
    ]
    assert found == []
