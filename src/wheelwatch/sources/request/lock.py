"""Lock files: ``pylock.toml`` as it stands, ``uv.lock`` through uv's own export of a private copy."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from packaging.pylock import is_valid_pylock_path

from wheelwatch.model import Failure
from wheelwatch.sources.address import redacted
from wheelwatch.sources.index.machine import Machine
from wheelwatch.sources.index.program import run_uv
from wheelwatch.sources.index.solving import Solution, selected
from wheelwatch.sources.plan import Asked, Locked, Plan

BY_HASH = "sha256", "sha384", "sha512"


def is_pylock(path: str) -> bool:
    """Whether the name is that of a lock file of the standard: ``pylock.toml``, ``pylock.NAME.toml``."""
    return is_valid_pylock_path(Path(path))


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a lock that are asked for."""

    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None
    """``None`` for those that the lock itself calls default."""


def pylock_plan(path: str, text: str, machine: Machine, wanted: Wanted) -> Plan:
    """The files that a ``pylock.toml`` names for this machine."""
    more = {"extras": wanted.extras, "dependency_groups": wanted.groups}
    return _plan(path, text, selected(text, machine, {}, Asked(path, path), **more))


def uv_plan(path: str, data: str, machine: Machine, wanted: Wanted, *, cache: str) -> Plan:
    """The files that a ``uv.lock`` names for this machine, its default groups among them."""
    try:
        root = _root(data)
    except (ValueError, RecursionError) as error:
        return _failed(path, f"it cannot be read: {error}")
    options = [f"--extra={extra}" for extra in wanted.extras]
    if "*" in wanted.extras:
        options = ["--all-extras"]
    if wanted.groups is not None:
        options += ["--no-default-groups", *(f"--group={group}" for group in wanted.groups)]
    arguments = ["export", "--frozen", "--format", "pylock.toml", "--no-header", "--no-emit-workspace"]
    files = {"uv.lock": data, "pyproject.toml": root}
    answer = run_uv([*arguments, *options], files, cache=cache, is_offline=True)
    if answer.code:
        reason = " ".join(redacted(answer.err).removeprefix("error:").split())
        return _failed(path, f"uv cannot read it: {reason}")
    plan = _plan(path, data, selected(answer.out, machine, {}, Asked("uv.lock", path)))
    own = ", ".join(_own(data))
    note = f"{path}: not judged, as no index has them: {own}; name their folders to judge them, too"
    return msgspec.structs.replace(plan, notes=(*plan.notes, note)) if own else plan


def _own(data: str) -> Iterator[str]:
    """The names of the project itself and of its workspace; a virtual one has no files."""
    for package in tomllib.loads(data).get("package", []):
        source = package.get("source")
        if isinstance(source, dict) and "editable" in source:
            yield str(package.get("name"))


def _root(data: str) -> str:
    """A project file for uv that says no more than the name: the real one may say anything."""
    document = tomllib.loads(data)
    packages = document.get("package")
    for package in packages if isinstance(packages, list) else []:
        source = package.get("source")
        place = (source.get("editable") or source.get("virtual")) if isinstance(source, dict) else None
        name = package.get("name")
        if place == "." and isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9][\w.-]*", name):
            return f'[project]\nname = "{name}"\nversion = "0"\n'
    raise ValueError("no package of it is the project itself")


def _plan(path: str, text: str, solution: Solution) -> Plan:
    failures = [solution.failure] if solution.failure else []
    hint = "build wheels of these and audit them"
    failures += [
        Failure(where=path, what=note.removeprefix(f"{path}: "), hint=hint) for note in solution.notes
    ]
    base = os.path.dirname(path)  # noqa: PTH120
    rows = [_placed(row, path, text, base) for row in solution.files]
    files = [row for row in rows if any(one.partition(":")[0] in BY_HASH for one in row.hashes)]
    failures += [
        Failure(where=path, what=f"{row.filename} has no hash, and such a lock proves nothing")
        for row in rows
        if row not in files
    ]
    return Plan(locked=tuple(files), failures=tuple(failures))


def _placed(row: Locked, path: str, text: str, base: str) -> Locked:
    """The file with the line on which its package stands, and its path if it lies beside the lock."""
    asked = Asked(row.name, path, _line(text, row.name, row.version))
    url = row.url if "://" in row.url else os.path.abspath(os.path.join(base, row.url))  # noqa: PTH100, PTH118
    return msgspec.structs.replace(row, asked=asked, url=url)


def _line(text: str, name: str, version: str) -> int:
    """The line of ``name = "..."``, where its version follows if there are several of the name."""
    first = 0
    for found in re.finditer(
        rf'^name = "{re.escape(name)}"[ \t]*\r?\n(?:version = "([^"\n]*)")?', text, re.M
    ):
        line = text.count("\n", 0, found.start()) + 1
        if found[1] == version:
            return line
        first = first or line
    return first


def _failed(path: str, what: str) -> Plan:
    hint = "write it anew with `uv lock`"
    return Plan(failures=(Failure(where=path, what=what, hint=hint),))
