"""From the arguments of ``audit`` to one plan: each input by its kind, with a word for what is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from wheelwatch.limits import Limits
from wheelwatch.model import Failure
from wheelwatch.sources.address import redacted
from wheelwatch.sources.index.machine import Machine
from wheelwatch.sources.plan import Asked, Direct, Plan, Requirement, join
from wheelwatch.sources.request import lock
from wheelwatch.sources.request.project import Project, project_plan, read_project_file
from wheelwatch.sources.request.requirements import STDIN, decode, read_requirements
from wheelwatch.sources.request.written import BadRequirementError, parse

FOREIGN = {
    "poetry.lock": "poetry export -f requirements.txt --output requirements.txt",
    "Pipfile.lock": "pipenv requirements --hash > requirements.txt",
    "Pipfile": "pipenv requirements --hash > requirements.txt",
    "pdm.lock": "pdm export -f pylock -o pylock.toml",
    "conda-lock.yml": "pip freeze > requirements.txt, inside the environment",
    "environment.yml": "pip freeze > requirements.txt, inside the environment",
    "environment.yaml": "pip freeze > requirements.txt, inside the environment",
    "pixi.lock": "pip freeze > requirements.txt, inside the environment",
    "setup.py": "uv pip compile or pip-compile, which run it, then audit the requirements.txt",
    "setup.cfg": "pip-compile setup.cfg, then audit the requirements.txt",
}
"""Files of other tools, and how to make of them what can be audited."""


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What a user gave ``audit``."""

    files: tuple[str, ...] = ()
    """Values of ``-r``; ``-`` for standard input."""
    constraints: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    """Names, paths or addresses on the command line."""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None
    base: str = ""
    """Folder against which paths in requirements files count, and out of which none may lead; when empty
    the current one, and any path."""


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """The plan, and what the files said about the installer."""

    plan: Plan
    has_uv: bool
    """An input is uv's own: a ``uv.lock``, or a project with ``[tool.uv]``."""
    uv: dict[str, Any]
    """``[tool.uv]`` of the project."""


def gather(inputs: Inputs, machine: Machine, limits: Limits, *, cache: str) -> Gathered:
    """Reads every input; what cannot be read is a failure in the plan, and the others go on."""
    reading = _Reading(inputs, machine, limits, cache)
    plans = [reading.file(path) for path in dict.fromkeys(inputs.files)]
    plans += [read_requirements(path, limits, is_constraint=True) for path in inputs.constraints]
    plans.append(_arguments(inputs.requirements))
    return Gathered(plan=join(tuple(plans)), has_uv=reading.has_uv, uv=reading.uv)


class _Reading:
    def __init__(self, inputs: Inputs, machine: Machine, limits: Limits, cache: str) -> None:
        self.inputs = inputs
        self.machine = machine
        self.limits = limits
        self.cache = cache
        self.has_uv = False
        self.uv: dict[str, Any] = {}

    def file(self, path: str) -> Plan:
        """One ``-r``, by its name."""
        if path == STDIN:
            if sys.stdin is None:
                return Plan(failures=(Failure(where="<stdin>", what="standard input is closed"),))
            data = sys.stdin.buffer.read(self.limits.metadata_bytes + 1)
            if len(data) > self.limits.metadata_bytes:
                what = f"has more than {self.limits.metadata_bytes} bytes"
                return Plan(failures=(Failure(where="<stdin>", what=what),))
            return read_requirements("<stdin>", self.limits, data=data)
        name = os.path.basename(path)  # noqa: PTH119
        if name in FOREIGN:
            what = f"files of this kind are not read, convert it: {FOREIGN[name]}"
            return Plan(failures=(Failure(where=path, what=what),))
        if name == "pyproject.toml":
            return self._with(path, self._project)
        if name == "uv.lock":
            self.has_uv = True
            return self._with(path, self._uv_lock)
        if lock.is_pylock(path):
            return self._with(path, self._pylock)
        if os.path.isdir(path):  # noqa: PTH112
            hint = "name a file: requirements.txt, pyproject.toml, pylock.toml or uv.lock"
            return Plan(failures=(Failure(where=path, what="is a folder", hint=hint),))
        if name.endswith(".toml"):
            hint = "lock files are named pylock.toml or pylock.NAME.toml"
            return Plan(failures=(Failure(where=path, what="is no file that can be audited", hint=hint),))
        return read_requirements(path, self.limits, base=self.inputs.base)

    def _with(self, path: str, take: Callable[[str, bytes], Plan]) -> Plan:
        try:
            with open(path, "rb") as stream:  # noqa: PTH123
                data = stream.read(self.limits.metadata_bytes + 1)
            if len(data) <= self.limits.metadata_bytes:
                return take(path, data)
            why = f"it has more than {self.limits.metadata_bytes} bytes"
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
        return Plan(failures=(Failure(where=path, what=f"cannot be read: {why}"),))

    def _project(self, path: str, data: bytes) -> Plan:
        project: Project = read_project_file(path, data)
        if project.uv:
            self.has_uv, self.uv = True, dict(project.uv)
        return project_plan(project, self.inputs.extras, self.inputs.groups or ())

    def _pylock(self, path: str, data: bytes) -> Plan:
        wanted = lock.Wanted(extras=self.inputs.extras, groups=self.inputs.groups)
        return lock.pylock_plan(path, decode(data), self.machine, wanted)

    def _uv_lock(self, path: str, data: bytes) -> Plan:
        text = decode(data)
        wanted = lock.Wanted(extras=self.inputs.extras, groups=self.inputs.groups)
        return lock.uv_plan(path, text, self.machine, wanted, cache=self.cache)


def _arguments(texts: tuple[str, ...]) -> Plan:
    rows: list[Requirement | Direct] = []
    failures = []
    for text in texts:
        asked = Asked(redacted(text))
        try:
            rows.append(parse(text, asked))
        except BadRequirementError as error:
            hint = "name a package, like flask or flask>=3"
            failures.append(Failure(where=asked.text, what=redacted(str(error)), hint=hint))
    return Plan(
        requirements=tuple(row for row in rows if isinstance(row, Requirement)),
        directs=tuple(row for row in rows if isinstance(row, Direct)),
        failures=tuple(failures),
    )
