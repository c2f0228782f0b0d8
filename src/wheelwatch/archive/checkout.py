"""Project folders: an unpacked sdist or a working copy, as what an install would place and build code."""

from __future__ import annotations

import os
import posixpath
import tomllib
from collections.abc import Callable
from pathlib import Path

from wheelwatch.archive.building import building
from wheelwatch.archive.folder import Walk, member, read_file, read_text, walk
from wheelwatch.archive.metadata import Metadata, entry_points, metadata, pythons
from wheelwatch.archive.project import layout
from wheelwatch.errors import TargetError
from wheelwatch.limits import Limits
from wheelwatch.model import (
    ContainerKind,
    Distribution,
    EntryPoint,
    FileRef,
    Member,
    NotAnalysed,
    PackageKind,
)

SKIPPED = frozenset(
    {"node_modules", "__pycache__", ".tox", ".nox", ".eggs", ".hypothesis"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".git", ".hg", ".svn"}
)
"""Folders of tools, left out unless the build configuration names them."""

MARKS = ("pyvenv.cfg", "conda-meta")
INTERPRETERS = ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe")


def read_project(root: str, location: str, limits: Limits) -> Distribution:
    """Read a project folder; environments inside it are left out, as they are targets of their own.

    Raises:
        TargetError: the folder cannot be listed.
    """
    try:
        named = read_text(f"{root}/pyproject.toml") + read_text(f"{root}/setup.py")
        found = walk(root, limits, descends=lambda folder: _is_part(folder, named))
    except OSError as error:
        hint = "give a folder that exists and that this user may read"
        raise TargetError(root, error.strerror or str(error), hint) from None
    text = _reader(root, found, limits)
    about = _about(found, text)
    arranged = layout(found.files, text)
    members = tuple(
        member(root, path, arranged.place(path), size) for path, size in sorted(found.files.items())
    )
    built = building({row.stored: row for row in members}, text)
    unread = tuple(_unread(root, path, why) for path, why in sorted(found.unread.items()))
    return Distribution(
        name=about.name or posixpath.basename(root) or root,
        version=about.version,
        kind=PackageKind.FOLDER,
        location=location,
        sha256=None,
        members=(*members, *(row[0] for row in unread)),
        root=root,
        requires_python=about.requires_python,
        entry_points=_entry_points(found, text),
        issues=found.issues,
        not_analysed=unread,
        pythons=pythons(about.requires_python, ()),
        build=built.roots,
        build_folders=built.folders,
    )


def _is_part(folder: str, named: str) -> bool:
    """Not an environment, and no cache, unless the build looks there."""
    name = posixpath.basename(folder)
    if name in SKIPPED and name not in named:
        return False
    return not any(os.path.lexists(f"{folder}/{mark}") for mark in MARKS) or not _has_interpreter(folder)


def _has_interpreter(folder: str) -> bool:
    """A package in which somebody put a ``pyvenv.cfg`` is still a package."""
    return any(os.path.lexists(f"{folder}/{place}") for place in INTERPRETERS) and not os.path.lexists(
        f"{folder}/__init__.py"
    )


def _reader(root: str, found: Walk, limits: Limits) -> Callable[[str], bytes]:
    def text(path: str) -> bytes:
        if path not in found.files:
            return b""
        data = read_file(f"{root}/{path}", limits.metadata_bytes)
        return data if isinstance(data, bytes) else b""

    return text


def _about(found: Walk, text: Callable[[str], bytes]) -> Metadata:
    """PKG-INFO at the top, the ``[project]`` table, else an egg-info beside the sources."""
    if data := text("PKG-INFO"):
        return metadata(data)
    table = _table(text("pyproject.toml"))
    if table.name:
        return table
    infos = [path for path in found.files if path.endswith(".egg-info/PKG-INFO") and path.count("/") <= 2]
    return metadata(text(min(infos, key=len))) if infos else table


def _table(data: bytes) -> Metadata:
    try:
        found = tomllib.loads(data.decode("utf-8", "replace")).get("project")
    except (tomllib.TOMLDecodeError, RecursionError):
        return Metadata()
    if not isinstance(found, dict):
        return Metadata()
    texts = {key: value for key, value in found.items() if isinstance(value, str)}
    return Metadata(
        name=texts.get("name", ""),
        version=texts.get("version", ""),
        requires_python=texts.get("requires-python", ""),
    )


def _entry_points(found: Walk, text: Callable[[str], bytes]) -> tuple[EntryPoint, ...]:
    """Those of an egg-info, as setuptools wrote it, else the tables of ``pyproject.toml``."""
    infos = [p for p in found.files if p.endswith(".egg-info/entry_points.txt") and p.count("/") <= 2]
    if infos:
        return entry_points(text(min(infos, key=len)))
    return declared_entry_points(text("pyproject.toml"))


def declared_entry_points(data: bytes) -> tuple[EntryPoint, ...]:
    """``[project.entry-points]``, ``[project.scripts]`` and ``[project.gui-scripts]``."""
    try:
        project = tomllib.loads(data.decode("utf-8", "replace")).get("project")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    if not isinstance(project, dict):
        return ()
    groups = {"console_scripts": project.get("scripts"), "gui_scripts": project.get("gui-scripts")}
    if isinstance(named := project.get("entry-points"), dict):
        groups.update(named)
    return tuple(
        EntryPoint(group, name, value)
        for group, rows in groups.items()
        if isinstance(rows, dict)
        for name, value in rows.items()
        if isinstance(value, str)
    )


def _unread(root: str, path: str, why: NotAnalysed) -> tuple[Member, NotAnalysed]:
    source = FileRef(root, ContainerKind.FOLDER, path)
    return Member(stored=path, place=None, uv_place=None, size=0, source=source), why


def has_project_file(folder: str) -> bool:
    """Whether a folder is the top of a project."""
    return any(Path(folder, name).is_file() for name in ("PKG-INFO", "pyproject.toml", "setup.py"))
