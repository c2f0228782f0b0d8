"""``wheelwatch explain``: a rule, the score of a package, or one finding with how to see it oneself."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from wheelwatch.cli import code
from wheelwatch.cli.option import CacheOption, PythonOption, QuietOption, WorkersOption, versions
from wheelwatch.cli.publishing import width
from wheelwatch.cli.stream import write
from wheelwatch.errors import UsageError

if TYPE_CHECKING:
    from wheelwatch.catalogue import Entry
    from wheelwatch.model import Finding, Package
    from wheelwatch.rules import Explanation

WIDTH = 88
FINGERPRINT = re.compile(r"[0-9a-f]{32}")
NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?(?:==\S+)?", re.ASCII)
OTHERWISE = "name a report that 'wheelwatch scan --format json' has written"
REPORT_BYTES = 512 * 1024 * 1024


def explain(  # noqa: PLR0917 - typer reads one parameter per option
    what: Annotated[
        str,
        typer.Argument(
            metavar="RULE|FINGERPRINT|PACKAGE",
            help="Name of a rule, fingerprint of a finding, or name of a package (NAME or NAME==VERSION).",
        ),
    ],
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TARGET]...", help="What to scan for it, as 'wheelwatch scan' takes it."),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="REPORT.json", help="A JSON report, instead of a scan."),
    ] = None,
    python_version: PythonOption = None,
    workers: WorkersOption = None,
    no_cache: CacheOption = False,
    quiet: QuietOption = False,
) -> int:
    """Explain a rule, a finding, or the score of a package.

    A finding or a package is looked up in a JSON report, or in a fresh scan of the targets.
    """
    from wheelwatch.rules import explain as find  # noqa: PLC0415 - only for this verb

    explanation = find(what)
    if explanation is not None and not targets and from_ is None:
        write(sys.stdout, "\n".join(_lines(explanation)) + "\n")
        return code.OK
    if from_ is None and not targets and not _is_package(what):
        raise UsageError(what, "there is no rule of this name", _hint(what))
    if from_ is not None:
        found = _read(from_)
    else:
        found = _scanned(targets or (), python_version, workers, no_cache=no_cache, quiet=quiet)
    write(sys.stdout, "\n".join(_told(what, found)) + "\n")
    return code.OK


def _is_package(what: str) -> bool:
    """Whether it may be looked for in the default environment: it is not spelled like a rule."""
    from wheelwatch.rules import RULES  # noqa: PLC0415

    families = {rule.ID.partition("-")[0] for rule in RULES}
    return NAME.fullmatch(what) is not None and what.partition("-")[0] not in families


def _read(path: str) -> tuple[Package, ...]:
    from wheelwatch.report import reading  # noqa: PLC0415 - only for this option

    try:
        with open(path, "rb") as file:  # noqa: PTH123 - paths are text here
            data = file.read(REPORT_BYTES)
        return reading.packages(data)
    except OSError as error:
        raise UsageError(path, error.strerror or "cannot be read", OTHERWISE) from error
    except reading.FormError as error:
        raise UsageError(path, str(error), OTHERWISE) from error


def _scanned(
    targets: Sequence[str],
    python_version: list[str] | None,
    workers: int | None,
    *,
    no_cache: bool,
    quiet: bool,
) -> tuple[Package, ...]:
    from wheelwatch.cli.progress import Watcher  # noqa: PLC0415
    from wheelwatch.engine.cache import opened  # noqa: PLC0415
    from wheelwatch.engine.run import Options, scan  # noqa: PLC0415
    from wheelwatch.limits import DEFAULT  # noqa: PLC0415

    store = None if no_cache else opened(DEFAULT)
    options = Options(fail_on=None, pythons=versions(python_version), workers=workers or 0, cache=store)
    with Watcher(is_quiet=quiet) as watcher:
        report = scan(tuple(targets), options=options, observer=watcher)
    for failure in report.errors:
        raise UsageError(failure.where, failure.what, failure.hint)
    return report.packages


def _told(what: str, found: tuple[Package, ...]) -> Iterator[str]:
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    from wheelwatch import escape  # noqa: PLC0415
    from wheelwatch.report import reading, score  # noqa: PLC0415

    if FINGERPRINT.fullmatch(what):
        row = reading.finding(found, what)
        if row is None:
            raise UsageError(what, "no finding has this fingerprint", "the JSON report lists them all")
        yield from _finding(*row)
        return
    name, _, version = what.partition("==")
    chosen = [package for package in found if canonicalize_name(package.name) == canonicalize_name(name)]
    chosen = [package for package in chosen if not version or package.version == version]
    if not chosen:
        raise UsageError(what, "there is no rule of this name, and no such package was found", _hint(what))
    for place, package in enumerate(chosen):
        if place:
            yield ""
        yield from (escape.terminal(line) for line in score.explained(package))


def _finding(package: Package, finding: Finding) -> Iterator[str]:
    """One finding in full, and how to see it."""
    from wheelwatch import escape  # noqa: PLC0415
    from wheelwatch.report.finding import FindingWriter  # noqa: PLC0415
    from wheelwatch.report.paint import join  # noqa: PLC0415
    from wheelwatch.report.reason import reasons  # noqa: PLC0415

    writer = FindingWriter(verbose=True, width=width(), counting=())
    yield join(writer.one(finding, package.name), color=False).rstrip("\n")
    yield ""
    yield "See it"
    for step in finding.chain or ():
        yield escape.terminal(
            f"  {step.package or package.name}: {step.path}, line {step.line}: {step.what}"
        )
    yield escape.terminal(f"  in {package.location}; the rule: wheelwatch explain {finding.rule}")
    yield from (escape.terminal(line) for line in reasons(package, finding))


def _hint(what: str) -> str:
    import difflib  # noqa: PLC0415 - only for mistakes

    from wheelwatch.rules import RULES  # noqa: PLC0415

    near = difflib.get_close_matches(what, [known.ID for known in RULES], n=1)
    return f"did you mean {near[0]}?" if near else "wheelwatch rules lists them all"


def _lines(explanation: Explanation) -> Iterator[str]:
    yield f"{explanation.id}: {explanation.title}"
    yield from _section("Why it matters", explanation.why)
    yield from _section("When it is fine", explanation.fine)
    yield from _section("Instead", explanation.instead)
    grades = (f"{trigger.value} {severity.label}" for trigger, severity in explanation.severities)
    yield from _section("Severity by when it runs", ", ".join(grades))
    for entry in explanation.entries:
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    """One row of the catalogue: when it exists, what it observes, its event, its names."""
    about = [f"Python {entry.pythons[0]} to {entry.pythons[-1]}", f"observes: {entry.observes}"]
    about.append(f"audit event: {entry.event or 'none'}")
    yield from _section(entry.title, "; ".join(about))
    names = ", ".join(name for _, named in entry.names for name in named)
    yield from textwrap.wrap(names, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _section(title: str, text: str) -> Iterator[str]:
    if text:
        yield ""
        yield title
        yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
