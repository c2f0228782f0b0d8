"""The options that several verbs share: their words, their variables, what they mean to the engine."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from wheelwatch.errors import UsageError
from wheelwatch.model import SUPPORTED_PYTHONS, Severity, Version

if TYPE_CHECKING:
    from wheelwatch.catalogue.incidents import Incident


class Format(StrEnum):
    """Forms of the report."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"
    MARKDOWN = "markdown"


class Plain(StrEnum):
    """Forms of what is no report of findings."""

    TEXT = "text"
    JSON = "json"


class DiffFormat(StrEnum):
    """Forms of a comparison."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class FailOn(StrEnum):
    """Thresholds of the gate."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    NEVER = "never"


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class As(StrEnum):
    """What a folder may be taken for: the kinds of ``sources``, which is loaded only when it is used."""

    ENVIRONMENT = "environment"
    SITE = "site"
    PROJECT = "project"
    COLLECTION = "collection"
    FOLDER = "folder"


class InstallerName(StrEnum):
    """Whose rules decide: the values of ``sources``, which is loaded only when it is used."""

    PIP = "pip"
    UV = "uv"


TargetsOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TARGET]...",
        help="Wheels, sdists, folders, site-packages, environments. Default: the active environment.",
        show_default=False,
    ),
]
FormatOption: TypeAlias = Annotated[
    Format, typer.Option("--format", envvar="WHEELWATCH_FORMAT", help="Form of the report.")
]
PlainOption: TypeAlias = Annotated[
    Plain, typer.Option("--format", envvar="WHEELWATCH_FORMAT", help="Form of the output.")
]
ReportOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=PATH",
        envvar="WHEELWATCH_REPORT",
        help="Also write the report there, in that form; repeatable.",
    ),
]
OutputOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        envvar="WHEELWATCH_OUTPUT",
        help="Write the report there instead of to stdout.",
    ),
]
FailOnOption: TypeAlias = Annotated[
    FailOn | None,
    typer.Option(
        "--fail-on",
        envvar="WHEELWATCH_FAIL_ON",
        help="Severity from which a finding ends in exit code 1. Default: what the policy says, else high.",
        show_default=False,
    ),
]
BaselineOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        envvar="WHEELWATCH_BASELINE",
        help="Fail only on what is not approved in this file, which wheelwatch approve writes.",
    ),
]
ConfigOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        envvar="WHEELWATCH_CONFIG",
        help="The policy. Default: [tool.wheelwatch] of the current directory's pyproject.toml, unless that"
        " directory is or lies in a target.",
    ),
]
PythonOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="X.Y",
        envvar="WHEELWATCH_PYTHON_VERSION",
        help="Python version that counts; repeatable. Default: those that each target says itself.",
    ),
]
AsOption: TypeAlias = Annotated[
    As | None,
    typer.Option("--as", envvar="WHEELWATCH_AS", help="Take folders for this, whatever they look like."),
]
IocOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--ioc",
        metavar="FILE",
        envvar="WHEELWATCH_IOC",
        help="Also look for the files of these attacks; repeatable. TOML: tables named incident, each with"
        " id, name and sha256, a list of digests of files or archives.",
    ),
]
TriageOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--no-triage",
        envvar="WHEELWATCH_NO_TRIAGE",
        help="Parse every file, also those whose words rule out a finding. Slow; the report is the same.",
    ),
]
LimitOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=VALUE",
        envvar="WHEELWATCH_LIMIT",
        help="Change what files may cost: analysis_seconds=10, worker_bytes=512M; repeatable. A wrong name"
        " lists all.",
    ),
]
CacheOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        envvar="WHEELWATCH_NO_CACHE",
        help="Neither use nor keep what other runs have found out; the report is the same.",
    ),
]
RecallOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--recall",
        envvar="WHEELWATCH_RECALL",
        help="Take the verdict on a set from the cache where every file of it is the same as then, and keep"
        " it for the next time. Without, every set is judged anew.",
    ),
]
WorkersOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", envvar="WHEELWATCH_WORKERS", help="Worker processes. Default: one per core."
    ),
]
QuietOption: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", envvar="WHEELWATCH_QUIET", help="Nothing but errors on stderr.")
]
VerboseOption: TypeAlias = Annotated[
    bool, typer.Option("--verbose", "-v", envvar="WHEELWATCH_VERBOSE", help="Show what is folded.")
]
ColorOption: TypeAlias = Annotated[
    Color, typer.Option(envvar="WHEELWATCH_COLOR", help="Colours in the text report.")
]
FilesOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--requirement",
        "-r",
        metavar="FILE",
        help="requirements.txt, pyproject.toml, pylock.toml or uv.lock; - for stdin; repeatable.",
    ),
]
ConstraintsOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--constraint", "-c", metavar="FILE", help="Constrain versions by this file; repeatable."),
]
ExtraOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--extra", metavar="NAME", help="Extra of the project to audit; repeatable; * for all."),
]
GroupOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="NAME", help="Dependency group of the project to audit; repeatable."),
]
InstallerOption: TypeAlias = Annotated[
    InstallerName | None,
    typer.Option(
        envvar="WHEELWATCH_INSTALLER",
        help="Whose settings and index rules hold. Default: uv for its own files, else pip.",
    ),
]
PlatformOption: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        envvar="WHEELWATCH_PLATFORM",
        help="Platform to install for: linux, windows, macos, or in uv's words. Default: this one.",
    ),
]
IndexOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--index-url", "-i", metavar="URL", help="The package index. Default: as configured, else PyPI."
    ),
]
ExtraIndexOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--extra-index-url", metavar="URL", help="Another index; repeatable.")
]
LinksOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--find-links", "-f", metavar="PLACE", help="Folder or page with files; repeatable."),
]
NoIndexOption: TypeAlias = Annotated[bool, typer.Option("--no-index", help="Look at --find-links only.")]
NoDepsOption: TypeAlias = Annotated[
    bool, typer.Option("--no-deps", help="Only what is named, not what it requires.")
]
SdistOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--sdist",
        envvar="WHEELWATCH_SDIST",
        help="Judge sources where an installer would build; nothing is built.",
    ),
]
OfflineOption: TypeAlias = Annotated[
    bool, typer.Option("--offline", envvar="WHEELWATCH_OFFLINE", help="Use only what was fetched before.")
]


def outputs(given: list[str] | None, output: str | None) -> tuple[tuple[Format, str], ...]:
    """Form and file of each ``--report``, besides the report at ``output``.

    Raises:
        UsageError: one is not of the form FORMAT=PATH, or two reports would be written to one place.
    """
    found: list[tuple[Format, str]] = []
    taken = {_place(output or "-")}
    for text in given or ():
        word, _, path = text.partition("=")
        if not path or word not in set(Format):
            hint = f"write FORMAT=PATH, the format one of {', '.join(Format)}"
            raise UsageError("--report", f"{text} names no format and file", hint)
        if _place(path) in taken:
            hint = "give each a file of its own; --format is for the one on stdout or at --output"
            raise UsageError("--report", f"{text} would overwrite another report", hint)
        taken.add(_place(path))
        found.append((Format(word), path))
    return tuple(found)


def _place(path: str) -> str:
    return path if path == "-" or path.startswith("/dev/") else os.path.realpath(path)


def incidents(files: list[str] | None) -> tuple[Incident, ...]:
    """The attacks of all lists of ``--ioc``, in their order."""
    from wheelwatch.catalogue.incidents import read  # noqa: PLC0415 - with the engine, after the first worker

    return tuple(incident for file in files or () for incident in read(file))


def versions(given: list[str] | None) -> tuple[Version, ...]:
    """The versions of ``--python-version``, oldest first.

    Raises:
        UsageError: one is not a version that wheelwatch judges.
    """
    for version in given or ():
        if version not in SUPPORTED_PYTHONS:
            hint = f"choose from {', '.join(SUPPORTED_PYTHONS)}"
            raise UsageError("--python-version", f"{version} is not a version that wheelwatch judges", hint)
    return tuple(version for version in SUPPORTED_PYTHONS if version in (given or ()))


def threshold(fail_on: FailOn) -> Severity | None:
    """The severity of ``--fail-on``; ``None`` for never."""
    return None if fail_on is FailOn.NEVER else Severity[fail_on.name]
