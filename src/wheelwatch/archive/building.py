"""What a build of a source tree executes: scripts, in-tree backends and hooks, by its configuration."""

from __future__ import annotations

import configparser
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from wheelwatch.archive.tables import Table, inner, parsed, strings
from wheelwatch.catalogue.commands import COMMANDS
from wheelwatch.model import BuildRoot, Member

Text = Callable[[str], bytes]
"""Content of a file of the project; empty when it is not there."""

FRONTEND = (
    *("get_requires_for_build_wheel", "prepare_metadata_for_build_wheel", "build_wheel"),
    *("get_requires_for_build_editable", "prepare_metadata_for_build_editable", "build_editable"),
    *("get_requires_for_build_sdist", "build_sdist"),
)
"""What a frontend calls of a backend (PEP 517, PEP 660)."""

HATCH = {
    "BuildHookInterface": ("build_hook", ("__init__", "dependencies", "clean", "initialize", "finalize")),
    "MetadataHookInterface": ("metadata_hook", ("__init__", "update", "get_known_classifiers")),
    "BuilderInterface": (
        "builder",
        ("__init__", "get_version_api", "get_default_versions", "get_config_class", "clean", "build"),
    ),
}
"""Classes of hatchling that a script of the tree may inherit from: the function that picks one, methods."""

PDM = tuple(
    f"pdm_build_{hook}" for hook in ("hook_enabled", "initialize", "update_files", "clean", "finalize")
)
COMMAND = ("__init__", "initialize_options", "finalize_options", "run")
LAYOUTS = ("", "src/")
"""Folders in which setuptools looks for a module that its configuration names."""

MOST = 64
"""Files that one configuration may name."""

GUESSED = re.compile(
    r"(?:setup|hatch_build|build)\.py|(?:_build|_custom_build|backend|build_backend)/[^/]+\.py"
)
"""What is taken for build code where the configuration cannot be read."""


class Building(msgspec.Struct, frozen=True):
    """The files that are executed, and folders of the tree for their imports."""

    roots: tuple[BuildRoot, ...]
    folders: tuple[str, ...]


def building(members: Mapping[str, Member], text: Text) -> Building:
    """Find out what a build executes; ``members`` by their paths relative to the top of the tree."""
    roots, folders = _declared(frozenset(members), text)
    paths = {path: member.path for path, member in members.items()}
    found = (
        msgspec.structs.replace(root, path=paths[root.path], by=paths.get(root.by, root.by))
        for root in roots
    )
    return Building(tuple(found), folders)


def _declared(known: frozenset[str], text: Text) -> tuple[list[BuildRoot], tuple[str, ...]]:
    """The roots and folders with paths inside the tree."""
    data = text("pyproject.toml")
    table = parsed(data)
    if table is None or (not data and "pyproject.toml" in known):
        guessed = [BuildRoot(path=path, is_main=True) for path in sorted(known) if GUESSED.fullmatch(path)]
        return guessed[:MOST], ("",)
    folders = tuple(_folders(table))
    own = _Configuration("pyproject.toml", data, table)
    other = text("hatch.toml")
    legacy = _Configuration("setup.cfg", text("setup.cfg"), {})
    found = [
        *_scripts(known),
        *_backend(own, known, folders),
        *_hatch(own, inner(table, "tool", "hatch")),
        *_hatch(_Configuration("hatch.toml", other, parsed(other) or {}), parsed(other) or {}),
        *_others(own),
        *_commands(own, inner(table, "tool", "setuptools", "cmdclass"), known),
        *_commands(legacy, _classes(legacy.data), known),
    ]
    there = [root for root in dict.fromkeys(found) if root.path in known]
    return there[:MOST], ("", *folders)


class _Configuration(msgspec.Struct, frozen=True):
    """One file of tables."""

    path: str
    data: bytes
    table: Table

    def root(self, path: str, pattern: str, **fields: Any) -> BuildRoot:
        """A file that the first line with this pattern names."""
        lines = self.data.decode("utf-8", "replace").splitlines()
        spots = (number for number, line in enumerate(lines, 1) if re.search(pattern, line))
        line = next(spots, 0)
        what = lines[line - 1].strip()[:200] if line else ""
        return BuildRoot(path=posixpath.normpath(path), by=self.path, line=line, what=what, **fields)


def _scripts(known: frozenset[str]) -> Iterator[BuildRoot]:
    if "setup.py" in known:
        yield BuildRoot(path="setup.py", is_main=True)


def _folders(table: Table) -> Iterator[str]:
    """``backend-path``, inside the tree."""
    for folder in strings(inner(table, "build-system"), "backend-path"):
        clean = posixpath.normpath(folder)
        if clean != "." and not clean.startswith(("../", "/")):
            yield clean + "/"


def _backend(own: _Configuration, known: frozenset[str], folders: tuple[str, ...]) -> Iterator[BuildRoot]:
    """A backend that lies in the tree: the modules on the way to it, and what is called of the last one."""
    system = inner(own.table, "build-system")
    value = system.get("build-backend")
    if not isinstance(value, str) or not strings(system, "backend-path"):
        return
    module, _, attribute = value.partition(":")
    is_top = any(posixpath.normpath(path) == "." for path in strings(system, "backend-path"))
    for folder in (*(("",) if is_top else ()), *folders):
        parts = module.strip().split(".")
        files = [_module("/".join(parts[:end]), folder, known) for end in range(1, len(parts) + 1)]
        if files[-1] is None:
            continue
        for place, file in enumerate(files, 1):
            names = (f"{attribute.strip()}.{hook}".lstrip(".") for hook in FRONTEND)
            if file is not None:
                calls = tuple(names) if place == len(files) else ()
                yield own.root(file, r"^\s*build-backend\s*=", calls=calls)
        return


def _module(path: str, folder: str, known: frozenset[str]) -> str | None:
    """The file of a module below a folder."""
    places = (f"{folder}{path}/__init__.py", f"{folder}{path}.py")
    return next((place for place in places if place in known), None)


def _hatch(own: _Configuration, table: Table) -> Iterator[BuildRoot]:
    """Hooks, a builder and a version that hatchling takes from scripts of the tree."""
    build = inner(table, "build")
    targets = inner(build, "targets")
    for holder in (build, *(row for row in targets.values() if isinstance(row, dict))):
        yield from _script(own, inner(holder, "hooks").get("custom"), "BuildHookInterface")
    yield from _script(own, inner(table, "metadata", "hooks").get("custom"), "MetadataHookInterface")
    yield from _script(own, targets.get("custom"), "BuilderInterface")
    version = inner(table, "version")
    if version.get("source") == "code" and isinstance(path := version.get("path"), str):
        yield own.root(path, r"^\s*source\s*=\s*[\"']code")


def _script(own: _Configuration, table: Any, interface: str) -> Iterator[BuildRoot]:
    if not isinstance(table, dict):
        return
    path = table.get("path", "hatch_build.py")
    finder, methods = HATCH[interface]
    if isinstance(path, str) and path:
        place = r"\bcustom\b"
        yield own.root(path, place, calls=methods, interface=interface)
        yield own.root(path, place, calls=(f"get_{finder}",))


def _others(own: _Configuration) -> Iterator[BuildRoot]:
    """Scripts of poetry and pdm."""
    poetry = inner(own.table, "tool", "poetry")
    build = poetry.get("build")
    script = build.get("script") if isinstance(build, dict) else build
    if isinstance(script, str):
        yield own.root(script, r"^\s*(?:build|script)\s*=", is_main=True)
    hook = inner(own.table, "tool", "pdm", "build").get("custom-hook", "pdm_build.py")
    backend = inner(own.table, "build-system").get("build-backend")
    if isinstance(hook, str) and isinstance(backend, str) and backend.startswith("pdm."):
        yield own.root(hook, r"^\s*(?:custom-hook|build-backend)\s*=", calls=PDM)


def _commands(own: _Configuration, table: Table, known: frozenset[str]) -> Iterator[BuildRoot]:
    """Classes of commands of setuptools, by name; the packages around their modules are not run."""
    for name, value in table.items():
        module, _, attribute = value.strip().rpartition(".") if isinstance(value, str) else ("", "", "")
        places = (_module(module.replace(".", "/"), folder, known) for folder in LAYOUTS if module)
        file = next((place for place in places if place is not None), None)
        if file is not None:
            calls = tuple(f"{attribute}.{method}" for method in COMMAND if name in COMMANDS)
            yield own.root(file, rf"^\s*{re.escape(name)}\s*=", calls=calls)


def _classes(data: bytes) -> Table:
    """The classes of commands of a ``setup.cfg``; none when it cannot be read."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(data.decode("utf-8", "replace"))
    except configparser.Error:
        return {}
    lines = parser.get("options", "cmdclass", fallback="").splitlines()
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): value for name, _, value in pairs if name.strip() and value.strip()}
