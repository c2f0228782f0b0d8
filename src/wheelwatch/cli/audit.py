"""``wheelwatch audit``: judge what would be installed, before it is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from wheelwatch.cli import code
from wheelwatch.cli.option import (
    BaselineOption,
    CacheOption,
    Color,
    ColorOption,
    ConfigOption,
    FailOnOption,
    Format,
    FormatOption,
    IocOption,
    LimitOption,
    OutputOption,
    QuietOption,
    ReportOption,
    TriageOption,
    VerboseOption,
    WorkersOption,
    incidents,
    outputs,
)
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.publishing import conclude
from wheelwatch.cli.rendering import hand_out, summary
from wheelwatch.errors import UsageError
from wheelwatch.model import Outcome

if TYPE_CHECKING:
    from wheelwatch.engine.audit import Audited, Order
    from wheelwatch.sources.plan import Option


class InstallerName(StrEnum):
    """Whose rules decide: the values of ``sources``, which is loaded only when it is used."""

    PIP = "pip"
    UV = "uv"


RequirementsArgument: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[REQUIREMENT]...",
        help="Names like flask or 'flask[async]>=3', paths, addresses.",
        show_default=False,
    ),
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
PythonOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="X.Y",
        envvar="WHEELWATCH_PYTHON_VERSION",
        help="Python to install for. Default: the one that runs wheelwatch.",
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
LockOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--write-lock",
        metavar="FILE",
        envvar="WHEELWATCH_WRITE_LOCK",
        help="If the verdict passes, write what was judged: pylock.toml, or requirements.txt with hashes.",
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


def audit(  # noqa: PLR0917 - typer reads one parameter per option
    requirements: RequirementsArgument = None,
    files: FilesOption = None,
    constraints: ConstraintsOption = None,
    extra: ExtraOption = None,
    group: GroupOption = None,
    installer: InstallerOption = None,
    python_version: PythonOption = None,
    platform: PlatformOption = "",
    index_url: IndexOption = None,
    extra_index_url: ExtraIndexOption = None,
    find_links: LinksOption = None,
    no_index: NoIndexOption = False,
    no_deps: NoDepsOption = False,
    sdist: SdistOption = False,
    offline: OfflineOption = False,
    write_lock: LockOption = None,
    format_: FormatOption = Format.TEXT,
    output: OutputOption = None,
    report_: ReportOption = None,
    fail_on: FailOnOption = None,
    baseline: BaselineOption = None,
    config: ConfigOption = None,
    ioc: IocOption = None,
    no_cache: CacheOption = False,
    no_triage: TriageOption = False,
    workers: WorkersOption = None,
    bounds: LimitOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    color: ColorOption = Color.AUTO,
) -> int:
    """Judge what would be installed, with all that it requires, before anything is.

    Resolves and downloads as pip or uv would, but builds and runs nothing. Exit codes: 0 nothing at or over
    --fail-on, 1 something is, 2 the job could not be done in full, 3 nothing that could be judged.
    """
    if not (requirements or files):
        raise UsageError("audit", "nothing is named", "name packages, or a file with -r requirements.txt")
    reports = outputs(report_)
    # Workers are started before this process loads what they do not need.
    from wheelwatch.cli.session import Session  # noqa: PLC0415

    with Session(bounds, workers=workers, no_cache=no_cache, is_whole=True) as session:
        from wheelwatch.cli.gating import gather, limit, required  # noqa: PLC0415
        from wheelwatch.engine.audit import Order  # noqa: PLC0415
        from wheelwatch.engine.audit import audit as run  # noqa: PLC0415
        from wheelwatch.engine.cache import folder  # noqa: PLC0415
        from wheelwatch.engine.flow import Options  # noqa: PLC0415
        from wheelwatch.gate import govern  # noqa: PLC0415
        from wheelwatch.sources.index.machine import OWN  # noqa: PLC0415
        from wheelwatch.sources.index.settings import Installer  # noqa: PLC0415
        from wheelwatch.sources.request import Inputs  # noqa: PLC0415

        gate = gather(requirements or (), config, baseline, quiet=quiet)
        order = Order(
            inputs=Inputs(
                files=tuple(files or ()),
                constraints=tuple(constraints or ()),
                requirements=tuple(requirements or ()),
                extras=tuple(extra or ()),
                groups=None if group is None else tuple(group),
            ),
            installer=None if installer is None else Installer(installer.value),
            python=python_version or OWN,
            platform=platform,
            options=(
                *_options(index_url, extra_index_url, find_links, no_index=no_index),
                *required(gate),
            ),
            has_dependencies=not no_deps,
            may_build=sdist,
            is_offline=offline,
            cache="" if no_cache else str(folder() or ""),
        )
        options = Options(
            fail_on=limit(fail_on, gate),
            triage=not no_triage,
            incidents=incidents(ioc),
            limits=session.limits,
            cache=session.store,
        )
        with Watcher(is_quiet=quiet) as watcher:
            audited = run(order, options=options, observer=watcher, runner=session.runner)
            watcher.trouble(session.store, verbose=verbose)
            notes = (*audited.report.notes, _times(audited))
            watcher.found(notes, len(audited.report.packages))
    report = govern(audited.report, gate)
    hand_out(report, format_, output, reports, color=color, verbose=verbose)
    conclude(report, lambda: summary(report), format_=format_, output=output, quiet=quiet)
    if write_lock is not None:
        _lock(write_lock, report.outcome, audited, order, quiet=quiet)
    return code.OF_OUTCOME[report.outcome]


def _times(audited: Audited) -> str:
    """What the run spent its time on."""
    took = audited.seconds
    files = f"{len(audited.files)} files, {audited.downloads} of them downloaded"
    return (
        f"{took.resolve:.1f} s to resolve, {took.fetch:.1f} s to fetch and examine ({files}),"
        f" {took.judge:.1f} s to judge"
    )


def _options(
    index_url: str | None, extra: list[str] | None, links: list[str] | None, *, no_index: bool
) -> tuple[Option, ...]:
    """Index options of the command line, in the order in which they count."""
    from wheelwatch.sources.plan import Asked, Option  # noqa: PLC0415 - with the engine

    rows = [("index-url", index_url)] if index_url else []
    rows += [("extra-index-url", url) for url in extra or ()]
    rows += [("find-links", place) for place in links or ()]
    rows += [("no-index", "")] if no_index else []
    return tuple(Option(name, value or "", Asked(f"--{name}")) for name, value in rows)


def _lock(path: str, verdict: Outcome, audited: Audited, order: Order, *, quiet: bool) -> None:
    """Writes the lock of a run that passed, and says why there is none otherwise."""
    from wheelwatch.cli.stream import say, write_file  # noqa: PLC0415
    from wheelwatch.report import lock  # noqa: PLC0415

    if verdict is not Outcome.PASS:
        say(f"no lock is written: the verdict is {verdict.value}\n")
        return
    text = lock.render(path, audited.files, audited.unlockable, order.python)
    try:
        write_file(path, text)
    except OSError as error:
        hint = "name a file in a folder that this user may write to"
        raise UsageError(path, f"the lock cannot be written: {error.strerror or error}", hint) from None
    if not quiet:
        say(f"wrote {path}: {len(audited.files)} files, as they were judged\n")
