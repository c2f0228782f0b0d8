"""``pyproject.toml``: what a project asks for, with its extras and dependency groups, nothing built."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.model import Failure
from wheelwatch.sources.address import redacted
from wheelwatch.sources.plan import Asked, Direct, Plan, Requirement
from wheelwatch.sources.request.written import BadRequirementError, parse

BUILT = "its dependencies are known only after a build"
CONVERT = "run `uv lock` there and audit the uv.lock, or write the dependencies into [project]"


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of a ``pyproject.toml`` that are looked at."""

    path: str
    table: Mapping[str, Any]
    uv: Mapping[str, Any]
    groups: Mapping[str, Any]
    text: str

    @property
    def name(self) -> str:
        """The project's name in its normal form; empty where there is none."""
        name = self.table.get("name")
        return canonicalize_name(name) if isinstance(name, str) else ""


def read_project_file(path: str, data: bytes) -> Project:
    """Reads a ``pyproject.toml``.

    Raises:
        ValueError: it is no TOML.
    """
    try:
        text = data.decode("utf-8")
        document = tomllib.loads(text)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    tool = _mapping(document.get("tool"))
    return Project(
        path=path,
        table=_mapping(document.get("project")),
        uv=_mapping(tool.get("uv")),
        groups=_mapping(document.get("dependency-groups")),
        text=text,
    )


def project_plan(
    project: Project, extras: Sequence[str], groups: Sequence[str], *, is_root: bool = True
) -> Plan:
    """What the project asks for.

    Args:
        project: its tables.
        extras: extras of it that are wanted; ``*`` for all.
        groups: dependency groups that are wanted.
        is_root: names of extras and groups that it lacks are errors.
    """
    reading = _Reading(project)
    reading.dependencies(extras, is_root=is_root)
    for group in groups:
        reading.group(group)
    reading.uv_settings()
    return reading.plan()


class _Reading:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.base = os.path.dirname(project.path)  # noqa: PTH120
        self.rows: list[Requirement | Direct] = []
        self.constraints: list[Requirement] = []
        self.failures: list[Failure] = []
        self.notes: list[str] = []

    def plan(self) -> Plan:
        return Plan(
            requirements=tuple(row for row in self.rows if isinstance(row, Requirement)),
            constraints=tuple(self.constraints),
            directs=tuple(row for row in self.rows if isinstance(row, Direct)),
            failures=tuple(self.failures),
            notes=tuple(self.notes),
        )

    def dependencies(self, extras: Sequence[str], *, is_root: bool) -> None:
        """``[project] dependencies`` and the wanted ``optional-dependencies``."""
        table = self.project.table
        dynamic = table.get("dynamic")
        fields = dynamic if isinstance(dynamic, list) else []
        if not table and not self.project.groups:
            self._fail("there is no [project] table, so " + BUILT, CONVERT)
        elif "dependencies" in fields:
            self._fail(f"[project] says that they are dynamic: {BUILT}", CONVERT)
        self._add(_texts(table.get("dependencies")))
        optional = _normal(table.get("optional-dependencies"))
        wanted = list(optional) if "*" in extras else [canonicalize_name(extra) for extra in extras]
        for extra in dict.fromkeys(wanted):
            if extra in optional:
                self._add(_texts(optional[extra]), optional)
            elif "optional-dependencies" in fields:
                self._fail(f"the extra {extra} is dynamic: {BUILT}", CONVERT)
            elif is_root:
                self._fail(f"there is no extra {extra}", f"there are: {', '.join(optional) or 'none'}")

    def group(self, name: str) -> None:
        """One dependency group, with the groups that it includes."""
        groups = _normal(self.project.groups)
        if canonicalize_name(name) not in groups:
            self._fail(f"there is no dependency group {name}", f"there are: {', '.join(groups) or 'none'}")
            return
        waiting, seen = [canonicalize_name(name)], set[str]()
        while waiting:
            group = waiting.pop()
            if group in seen:
                continue
            seen.add(group)
            rows = groups.get(group)
            self._add(_texts(rows))
            for row in rows if isinstance(rows, list) else []:
                inner = row.get("include-group") if isinstance(row, dict) else None
                if isinstance(inner, str):
                    waiting.append(canonicalize_name(inner))

    def uv_settings(self) -> None:
        """``[tool.uv]``: what would make uv install something else is honoured or refused."""
        uv = self.project.uv
        self.constraints += [
            row
            for row in self._parsed(_texts(uv.get("constraint-dependencies")))
            if isinstance(row, Requirement)
        ]
        if uv.get("override-dependencies"):
            self._fail("[tool.uv] overrides dependencies, which only uv.lock shows", CONVERT)
        sources = _normal(uv.get("sources"))
        self.rows = [self._sourced(row, sources.get(row.name)) for row in self.rows]

    def _sourced(self, row: Requirement | Direct, source: Any) -> Requirement | Direct:
        """The requirement as ``[tool.uv.sources]`` would have uv take it."""
        if source is None or isinstance(row, Direct):
            return row
        place = source.get("path") or source.get("url") if isinstance(source, dict) else None
        if isinstance(place, str):
            extras = f"[{','.join(row.extras)}]" if row.extras else ""
            text = place if "://" in place else os.path.join(self.base, place)  # noqa: PTH118
            found = parse(f"{text}{extras}", row.asked, is_editable=True)
            return msgspec.structs.replace(found, name=row.name, marker=row.marker)
        what = f"[tool.uv.sources] takes {row.name} from a repository, a workspace or an index of its own"
        self._fail(what, CONVERT)
        return row

    def _add(self, texts: Iterable[str], optional: Mapping[str, Any] | None = None) -> None:
        """Keeps requirements; those that name the project itself stand for its extras."""
        waiting, seen = list(self._parsed(texts)), set[str]()
        while waiting:
            row = waiting.pop(0)
            if row.name and row.name == self.project.name:
                table = optional or _normal(self.project.table.get("optional-dependencies"))
                for extra in row.extras:
                    if extra not in seen:
                        seen.add(extra)
                        waiting += self._parsed(_texts(table.get(canonicalize_name(extra))))
            else:
                self.rows.append(row)

    def _parsed(self, texts: Iterable[str]) -> Iterator[Requirement | Direct]:
        for text in texts:
            asked = Asked(redacted(text), self.project.path, self._line(text))
            try:
                yield parse(text, asked, base=self.base)
            except BadRequirementError as error:
                self.failures.append(Failure(where=asked.place, what=redacted(str(error))))

    def _line(self, text: str) -> int:
        """The line on which a requirement stands; TOML readers do not tell, so the first that quotes it."""
        for quoted in (f'"{text}"', f"'{text}'"):
            before, found, _ = self.project.text.partition(quoted)
            if found:
                return before.count("\n") + 1
        return 0

    def _fail(self, what: str, hint: str = "") -> None:
        self.failures.append(Failure(where=self.project.path, what=what, hint=hint))


def _normal(value: Any) -> dict[str, Any]:
    """A table with its keys in the normal form of names."""
    return {str(canonicalize_name(key)): inner for key, inner in _mapping(value).items()}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    return [row for row in value if isinstance(row, str)] if isinstance(value, list) else []
