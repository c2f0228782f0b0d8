"""Source trees: what installing a project would place, guessed without building it.

What a build backend really selects is known only by running it. The guess is wide: every package and
module at the top or below ``src`` counts as installed, and so does every startup file there; what is left
is build code.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from wheelwatch.archive.tables import inner, parsed, rows, strings

Text = Callable[[str], bytes]
"""Content of a file of the project; empty when it is not there."""

NOT_INSTALLED = frozenset(
    [
        "bench",
        "benchmarks",
        "bin",
        "build",
        "changelog",
        "ci",
        "contrib",
        "data",
        "dist",
        "doc",
        "docs",
        "documentation",
        "etc",
        "example",
        "examples",
        "extras",
        "fixtures",
        "images",
        "misc",
        "node_modules",
        "notebooks",
        "requirements",
        "scripts",
        "script",
        "site",
        "test",
        "tests",
        "testing",
        "tools",
        "util",
        "utils",
        "venv",
    ]
)
"""Top-level folders that are seldom packages; setuptools' automatic discovery leaves most of them out."""

BUILD_MODULES = frozenset(
    [
        "setup",
        "conftest",
        "noxfile",
        "tasks",
        "fabfile",
        "hatch_build",
        "build",
        "versioneer",
        "ez_setup",
        "bootstrap",
        "get_version",
        "_build_backend",
        "runtests",
        "test",
        "tests",
    ]
)
STARTING = re.compile(r"[^/]*\.(?:pth|start)|(?:site|user)customize[./].*")


class Layout(msgspec.Struct, frozen=True):
    """From the names of a project to places: ``tops`` maps a folder to where it is installed.

    The longest folder that fits wins. ``names`` are the top-level names that are installed from folders
    that stand for the site directory; ``None`` takes every package and module there.
    """

    tops: Mapping[str, str]
    names: frozenset[str] | None

    def place(self, path: str) -> str | None:
        """Where a file of the project is installed; ``None`` for build code and the like."""
        for folder in sorted(self.tops, key=len, reverse=True):
            if path.startswith(folder):
                return self._place(self.tops[folder], path[len(folder) :])
        return None

    def _place(self, target: str, rest: str) -> str | None:
        if target:
            return target + rest
        top = rest.split("/", 1)[0]
        stem = top.split(".", 1)[0]
        if STARTING.fullmatch(rest):
            return rest
        if self.names is not None:
            return rest if (top if "/" in rest else stem) in self.names else None
        return rest


def layout(paths: Iterable[str], text: Text) -> Layout:
    """Find out the layout of a project from the names of its files and its ``pyproject.toml``.

    ``paths`` are relative to the project's folder.
    """
    known = frozenset(paths)
    tops = {"": "", **({"src/": ""} if _has_source_folder(known) else {})}
    tops.update(_declared(text("pyproject.toml"), known))
    listed = _top_level(known, text)
    return Layout(tops, frozenset(listed) if listed else _packages(known, tops))


def _has_source_folder(paths: frozenset[str]) -> bool:
    return "src/__init__.py" not in paths and any(path.startswith("src/") for path in paths)


def _top_level(paths: frozenset[str], text: Text) -> set[str]:
    """The names in the ``top_level.txt`` of an egg-info that setuptools left in the sdist."""
    found = {p for p in paths if p.endswith(".egg-info/top_level.txt") and p.count("/") <= 2}
    return {name for path in found for name in text(path).decode("utf-8", "surrogateescape").split()}


def _packages(paths: frozenset[str], tops: Mapping[str, str]) -> frozenset[str]:
    """Packages and modules that stand where automatic discovery looks."""
    names = set()
    for folder in (folder for folder, target in tops.items() if not target):
        is_top = folder == ""
        for path in paths:
            rest = path.removeprefix(folder)
            if not path.startswith(folder) or not rest.endswith((".py", ".so", ".pyd", ".pyc")):
                continue
            top, _, inner = rest.partition("/")
            if inner and not (is_top and _is_left_out(top, paths)):
                names.add(top)
            elif not inner and not (is_top and top.split(".", 1)[0] in BUILD_MODULES):
                names.add(top.split(".", 1)[0])
    return frozenset(names - {"src"})


def _is_left_out(top: str, paths: frozenset[str]) -> bool:
    return top.lower() in NOT_INSTALLED or not top.isidentifier() or f"{top}/__init__.py" not in paths


def _declared(data: bytes, paths: frozenset[str]) -> dict[str, str]:
    """Folders that the tables of hatch, flit, poetry and setuptools name."""
    tool = inner(parsed(data) or {}, "tool")
    found: dict[str, str] = {}
    for folder in strings(tool, "hatch", "build", "targets", "wheel", "packages"):
        clean = posixpath.normpath(folder)
        found[clean + "/"] = posixpath.basename(clean) + "/"
    for row in rows(tool, "poetry", "packages"):
        if isinstance(start := row.get("from"), str):
            found[posixpath.normpath(start) + "/"] = ""
    for name, folder in inner(tool, "setuptools", "package-dir").items():
        if isinstance(folder, str):
            clean = posixpath.normpath(folder)
            found["" if clean == "." else clean + "/"] = name.replace(".", "/") + "/" if name else ""
    return {folder: place for folder, place in found.items() if any(p.startswith(folder) for p in paths)}
