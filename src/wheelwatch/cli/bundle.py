"""Options that belong together, as records that verbs share, and records as typer reads a verb."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, get_type_hints

import msgspec

from wheelwatch.cli.option import (
    AsOption,
    BaselineOption,
    CacheOption,
    Color,
    ColorOption,
    ConfigOption,
    ConstraintsOption,
    ExtraIndexOption,
    ExtraOption,
    FailOnOption,
    FilesOption,
    Format,
    FormatOption,
    GroupOption,
    IndexOption,
    InstallerOption,
    LimitOption,
    LinksOption,
    NoDepsOption,
    NoIndexOption,
    OfflineOption,
    OutputOption,
    PlatformOption,
    PythonOption,
    QuietOption,
    ReportOption,
    SdistOption,
    VerboseOption,
    WorkersOption,
)

T = TypeVar("T", bound=msgspec.Struct)


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """Where the report goes, and in which forms."""

    format_: FormatOption = Format.TEXT
    output: OutputOption = None
    report_: ReportOption = None


class Gating(msgspec.Struct, frozen=True, kw_only=True):
    """What stops a run."""

    fail_on: FailOnOption = None
    baseline: BaselineOption = None
    config: ConfigOption = None


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """What targets are taken for."""

    python_version: PythonOption = None
    as_: AsOption = None


class Effort(msgspec.Struct, frozen=True, kw_only=True):
    """What a run may cost."""

    workers: WorkersOption = None
    bounds: LimitOption = None
    no_cache: CacheOption = False


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How much of it is shown, and how."""

    quiet: QuietOption = False
    verbose: VerboseOption = False
    color: ColorOption = Color.AUTO


class Naming(msgspec.Struct, frozen=True, kw_only=True):
    """What would be installed."""

    files: FilesOption = None
    constraints: ConstraintsOption = None
    extra: ExtraOption = None
    group: GroupOption = None
    installer: InstallerOption = None


class Fetching(msgspec.Struct, frozen=True, kw_only=True):
    """For which platform, and from where."""

    platform: PlatformOption = ""
    index_url: IndexOption = None
    extra_index_url: ExtraIndexOption = None
    find_links: LinksOption = None
    no_index: NoIndexOption = False
    no_deps: NoDepsOption = False
    sdist: SdistOption = False
    offline: OfflineOption = False


def spread(verb: Callable[[T], int], kind: type[T]) -> Callable[..., int]:
    """The verb with one parameter for each field of its record, also for those of records inside it."""

    @functools.wraps(verb)
    def called(**given: Any) -> int:
        return verb(_made(kind, given))

    called.__signature__ = inspect.Signature(list(_parameters(kind)))  # type: ignore[attr-defined]
    return called


def _parameters(kind: type[msgspec.Struct]) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        if _is_record(hints[field.name]):
            yield from _parameters(hints[field.name])
            continue
        default = inspect.Parameter.empty if field.default is msgspec.NODEFAULT else field.default
        yield inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[field.name]
        )


def _made(kind: type[T], given: Mapping[str, Any]) -> T:
    hints = get_type_hints(kind, include_extras=True)
    values = {
        name: _made(hints[name], given) if _is_record(hints[name]) else given[name]
        for name in kind.__struct_fields__
    }
    return kind(**values)


def _is_record(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)
