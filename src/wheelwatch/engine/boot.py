"""One run of ``startup``: the boot sequence of every set, each step with its owner and its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

import msgspec

from wheelwatch import __version__
from wheelwatch.engine.flow import follow
from wheelwatch.engine.judgement import Judged
from wheelwatch.engine.options import Observer, Options, Unobserved
from wheelwatch.engine.runner import Runner
from wheelwatch.engine.verdict import outcome
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Finding,
    LinkedEntry,
    Listing,
    Order,
    Package,
    Reached,
    Severity,
    Start,
    StartupEntry,
    StartupKind,
    Trigger,
    Turn,
    Version,
)
from wheelwatch.startup import Boot, Phase, sequence

SITE = frozenset({Phase.SITE, Phase.PATHS, Phase.IMPORTS})
"""The stages in which lines of ``.pth`` files are read; in the listing they are one, ``site``."""

OF_FILE = "startup-unowned"
"""The rule that judges a whole file at its first line that runs."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a judged set."""

    start: Start
    packages: tuple[Package, ...]
    """With what is about startup alone."""
    has_gaps: bool
    """Something that runs at startup could not be analysed."""

    @classmethod
    def of(cls, judged: Judged) -> Self:
        """What of the judged set is kept."""
        packages = tuple(_at_startup(package) for package in judged.packages)
        start = _Sequencer(judged, packages).start()
        return cls(start=start, packages=packages, has_gaps=Trigger.STARTUP in judged.gaps)


def startup(
    targets: Sequence[str],
    *,
    options: Options = Options(),  # noqa: B008 - frozen
    observer: Observer = Unobserved(),  # noqa: B008 - stateless
    runner: Runner | None = None,
) -> Listing:
    """Lists what runs before any program of the targets, in order, without running any of it.

    The verdict is that of ``scan`` over what runs at startup: findings with another trigger, and files
    that could not be analysed and run at another time, count for nothing here.

    Args:
        targets: paths of wheels, folders, environments; empty for the default environment.
        options: threshold, versions, limits.
        observer: is told about the progress.
        runner: where files are analysed; worker processes unless given.
    """
    options = msgspec.structs.replace(options, only_startup=True)
    run = follow(targets, Verdict, options=options, observer=observer, runner=runner)
    has_gaps = any(view.has_gaps for view in run.views)
    return Listing(
        wheelwatch=__version__,
        outcome=outcome(
            tuple(package for view in run.views for package in view.packages),
            run.found.failures,
            fail_on=options.fail_on,
            has_gaps=has_gaps,
            is_empty=not run.views,
        ),
        complete=not (has_gaps or run.found.failures),
        fail_on=options.fail_on,
        targets=tuple(targets),
        pythons=run.pythons,
        starts=tuple(view.start for view in run.views),
        errors=run.found.failures,
        notes=run.found.notes,
    )


def _at_startup(package: Package) -> Package:
    """The package with what is about startup alone."""
    return msgspec.structs.replace(
        package,
        findings=tuple(finding for finding in package.findings if finding.trigger is Trigger.STARTUP),
        not_analysed=tuple(row for row in package.not_analysed if row.trigger is Trigger.STARTUP),
    )


class _Sequencer:
    """Puts the findings of one set to the steps of its boot sequence."""

    def __init__(self, judged: Judged, packages: Sequence[Package]) -> None:
        self._target = judged.target
        self._boots = sequence(judged.target, judged.surface)
        self._packages = packages
        self._linked = {row.entry: row for package in judged.linked for row in package.entries}
        self._by_path: dict[str, list[Finding]] = {}
        for package in packages:
            for finding in package.findings:
                self._by_path.setdefault(finding.path, []).append(finding)
        self._told: set[str] = set()

    def start(self) -> Start:
        """The whole set."""
        orders = tuple(self._orders())
        findings = (finding for package in self._packages for finding in package.findings)
        return Start(
            target=self._target.label,
            own=self._target.is_own,
            orders=orders,
            findings=tuple(finding for finding in findings if finding.fingerprint not in self._told),
            not_analysed=tuple(row for package in self._packages for row in package.not_analysed),
        )

    def _orders(self) -> Iterator[Order]:
        """One order for all versions that take the same steps one after the other."""
        counting = {version for owned in self._target.distributions for version in owned.pythons}
        alike: dict[tuple[StartupEntry, ...], list[Version]] = {}
        phases: dict[StartupEntry, Phase] = {}
        for version in (version for version in SUPPORTED_PYTHONS if version in counting):
            boots = [boot for boot in self._boots if boot.python == version and self._counts(boot)]
            phases.update((boot.entry, boot.phase) for boot in boots)
            alike.setdefault(tuple(boot.entry for boot in boots), []).append(version)
        for entries, versions in alike.items():
            steps = tuple(self._turn(entry, phases[entry], versions) for entry in entries)
            yield Order(pythons=tuple(versions), steps=steps)

    def _counts(self, boot: Boot) -> bool:
        return boot.python in self._target.distributions[boot.entry.distribution].pythons

    def _turn(self, entry: StartupEntry, phase: Phase, versions: Sequence[Version]) -> Turn:
        owner = self._target.distributions[entry.distribution]
        linked = self._linked[entry]
        counting = frozenset(versions)
        found: dict[str, Finding] = {}
        for finding in self._findings(linked):
            if not counting.isdisjoint(finding.pythons):
                found.setdefault(finding.fingerprint, finding)
        self._told.update(found)
        findings = sorted(found.values(), key=lambda finding: -finding.severity)
        return Turn(
            phase=(Phase.SITE if phase in SITE else phase).value,
            kind=entry.kind,
            package=owner.name,
            version=owner.version,
            owner=owner.kind,
            root=owner.root,
            path=entry.member.path,
            line=entry.line,
            text=entry.text,
            target=entry.target,
            detail=entry.detail,
            pythons=entry.pythons,
            severity=max((finding.severity for finding in findings), default=Severity.INFO),
            known=linked.known,
            modules=linked.modules,
            missing=linked.missing,
            silences=entry.silences,
            findings=tuple(findings),
        )

    def _findings(self, linked: LinkedEntry) -> Iterator[Finding]:
        """On every site that it reaches, on the entry itself, on the files that it runs as a whole."""
        for reached in linked.sites:
            yield from self._of_site(reached)
        own = self._packages[linked.entry.distribution].findings
        yield from (finding for finding in own if _is_about(finding, linked))
        for path in linked.modules:
            if path != linked.entry.member.path:
                yield from self._of_file(path, linked.entry.distribution)

    def _of_site(self, reached: Reached) -> Iterator[Finding]:
        site = reached.site
        for finding in self._by_path.get(reached.member.path, ()):
            place = (finding.line, finding.column, finding.api)
            is_same = place == (site.line, site.column, site.api)
            if is_same and finding.chain and finding.chain[-1].package == reached.chain[-1].package:
                here = msgspec.structs.replace(finding, chain=reached.chain, pythons=reached.pythons)
                # Another line may reach the same site and not be known: here it is excused.
                yield here if reached.known is None else _excused(here, reached.known)

    def _of_file(self, path: str, distribution: int) -> Iterator[Finding]:
        """Archives lie side by side: the package's own file of this name comes before that of another."""
        own = [finding for finding in self._packages[distribution].findings if finding.path == path]
        yield from (finding for finding in own or self._by_path.get(path, []) if not finding.line)


def _is_about(finding: Finding, linked: LinkedEntry) -> bool:
    """The finding judges the entry: its line, or its file as a whole."""
    entry = linked.entry
    if finding.path != entry.member.path:
        return False
    if finding.rule == OF_FILE:
        return not linked.known and entry.kind is not StartupKind.PTH_PATH
    return not finding.line or (finding.line == entry.line and len(finding.chain) == 1)


def _excused(finding: Finding, known: str) -> Finding:
    return msgspec.structs.replace(finding, severity=Severity.INFO, known=known)
