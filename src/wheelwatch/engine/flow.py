"""The flow that every verb shares: from targets to judged sets, one after another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

import msgspec

from wheelwatch import archive, reach, rules, scoring, sources, startup
from wheelwatch.catalogue.incidents import Incident, Incidents, incidents
from wheelwatch.collection import uncollected
from wheelwatch.engine.advance import Advance
from wheelwatch.engine.bytecode import compiled
from wheelwatch.engine.cache import Store, Wheels
from wheelwatch.engine.incident import Search
from wheelwatch.engine.pool import Pool
from wheelwatch.engine.runner import Runner, Workers
from wheelwatch.engine.verdict import is_gap
from wheelwatch.errors import WheelwatchError
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    WHOLE,
    Body,
    Compiled,
    Distribution,
    Evidence,
    Failure,
    Finding,
    LinkedPackage,
    Member,
    NotAnalysed,
    Package,
    Severity,
    Source,
    TargetSet,
    Trigger,
    Unread,
    Version,
)

SOURCES = (".py", ".pyw")
UNREAD_RULE = "analysis-not-analysed"
NATIVE_SUFFIXES = (".so", ".pyd")

View = TypeVar("View")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a run can be told."""

    fail_on: Severity | None = Severity.HIGH
    """The severity from which a finding makes the run fail; ``None`` for never."""
    pythons: tuple[Version, ...] = ()
    """The versions that count; empty for those that each target's own data say."""
    as_: str | None = None
    """What every folder is taken for."""
    workers: int = 0
    """Worker processes; 0 for one per core."""
    limits: Limits = DEFAULT
    triage: bool = True
    """Parse only files whose words say that they may hold something; reports are the same without."""
    only_startup: bool = False
    """Look only into what startup reaches."""
    incidents: tuple[Incident, ...] = ()
    """Attacks to look for besides those that wheelwatch knows; they come first."""
    partial: bool = False
    """An interrupt ends the run with what is judged, where something is."""
    cache: Store | None = None
    """What is known of contents from earlier runs, and where it is kept for the next."""
    read: Callable[[Source, Limits], bytes | NotAnalysed] = archive.read
    """How this process reads members; workers read files."""


class Observer(Protocol):
    """Follows a run: what the targets were taken for, and how far it is."""

    def found(self, notes: Sequence[str], packages: int) -> None:
        """The targets have been read."""

    def examined(self, label: str, advance: Advance) -> None:
        """So far is the examination of a set."""


class Unobserved:
    """Nobody follows."""

    def found(self, notes: Sequence[str], packages: int) -> None:
        """Ignored."""

    def examined(self, label: str, advance: Advance) -> None:
        """Ignored."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One set with all that is known of it; ``linked`` and ``packages`` in the order of distributions."""

    target: TargetSet
    surface: startup.Surface
    linked: tuple[LinkedPackage, ...]
    packages: tuple[Package, ...]
    gaps: frozenset[Trigger]
    """When the files would run whose absence from the analysis makes the run incomplete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Generic[View]):
    """What the targets were, the versions that count, and what was kept of each set."""

    found: sources.Found
    pythons: tuple[Version, ...]
    views: tuple[View, ...]
    is_interrupted: bool = False
    """Sets that were judged before Ctrl-C are there; the others are failures."""


def follow(
    targets: Sequence[str],
    view: Callable[[Judged], View],
    *,
    options: Options,
    observer: Observer,
    runner: Runner | None,
) -> Run[View]:
    """Reads the targets and judges set after set, without running anything of them.

    Args:
        targets: paths of wheels, folders, environments; empty for the default environment.
        view: makes of a judged set what is kept of it; the rest is let go before the next one.
        options: versions, limits.
        observer: is told about the progress.
        runner: where files are analysed; worker processes unless given.
    """
    working = runner if runner is not None else _workers(options)
    try:
        wheel = archive.read_wheel if options.cache is None else Wheels(options.cache).read
        found = sources.find(targets, as_=options.as_, limits=options.limits, wheel=wheel)
        sets = tuple(_counting(target, options.pythons) for target in found.sets)
        observer.found(found.notes, sum(len(target.distributions) for target in sets))
        views: list[View] = []
        failures: list[Failure] = []
        is_interrupted = False
        for place, target in enumerate(sets):
            try:
                one = _safely(target, pool_for(target.label, working, options, observer), options)
            except KeyboardInterrupt:
                if not (options.partial and views):
                    raise
                is_interrupted = True
                failures += [_unjudged(rest) for rest in sets[place:]]
                break
            if isinstance(one, Failure):
                failures.append(one)
            else:
                views.append(view(one))
    finally:
        working.close()
        if options.cache is not None:
            options.cache.trim()
            options.cache.close()
    found = msgspec.structs.replace(found, failures=(*found.failures, *failures))
    pythons = _pythons(sets, options)
    return Run(found=found, pythons=pythons, views=tuple(views), is_interrupted=is_interrupted)


def _unjudged(target: TargetSet) -> Failure:
    """What stands for a set that an interrupt kept from being judged."""
    return Failure(where=target.label, what="not judged: interrupted", hint="scan it again")


def _safely(target: TargetSet, pool: Pool, options: Options) -> Judged | Failure:
    """The judged set; an error of ours in one set costs the verdict of that set only."""
    try:
        return judge(target, pool, options)
    except WheelwatchError:
        raise
    except Exception as problem:  # noqa: BLE001 - one set must not hide the verdicts of the others
        what = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
        hint = "an error in wheelwatch itself: please report it"
        return Failure(where=target.label, what=f"could not be judged: {what}", hint=hint)


def _workers(options: Options) -> Workers:
    workers = Workers(options.limits, options.workers, options.cache)
    workers.start()
    return workers


def pool_for(label: str, runner: Runner, options: Options, observer: Observer) -> Pool:
    """The facts of a set that is known to the observer under this label."""
    return Pool(runner, partial(observer.examined, label), options.cache)


def sources_of(distribution: Distribution) -> Iterable[Member]:
    """The members that are examined before anything is linked."""
    return (member for member in distribution.members if _is_source(member))


@uncollected()
def judge(target: TargetSet, pool: Pool, options: Options) -> Judged:
    """Judges one set; what the pool has examined already is not examined again."""
    limits = options.limits

    def read(member: Member) -> bytes | NotAnalysed:
        return options.read(member.source, limits)

    if not options.only_startup:
        for owned in target.distributions:
            pool.expect(sources_of(owned), owned.name)
        if not options.triage:
            pool.examine_rest()
    surface = startup.surface(target, read, limits)
    linked = reach.link(target, surface.entries, pool, limits, only_startup=options.only_startup)
    unread: dict[int, list[tuple[Member, NotAnalysed]]] = {}
    for index, member, problem in surface.not_analysed:
        unread.setdefault(index, []).append((member, problem))
    known = Incidents((*options.incidents, *incidents()))
    sightings = Search(target, surface.entries, pool.sketch, read).run(known)
    complete = [_with_startup(package, unread.get(index, ())) for index, package in enumerate(linked)]
    whole = tuple(
        msgspec.structs.replace(package, sightings=seen, compiled=_compiled(package, pool, limits))
        for package, seen in zip(complete, sightings, strict=True)
    )
    packages = tuple(_package(package, pool) for package in whole)
    gaps = frozenset(row.trigger for package in packages for row in package.not_analysed if row.decisive)
    return Judged(target=target, surface=surface, linked=whole, packages=packages, gaps=gaps)


def _compiled(package: LinkedPackage, pool: Pool, limits: Limits) -> tuple[Compiled, ...]:
    lost = {member.path: problem for member, problem, _ in package.not_analysed}
    return compiled(package.distribution, lost, pool.facts, limits)


def _with_startup(package: LinkedPackage, unread: Iterable[tuple[Member, NotAnalysed]]) -> LinkedPackage:
    """The package with the startup files that could not be read, each path once."""
    rows = {row[0].path: row for row in package.not_analysed}
    rows.update((member.path, (member, problem, Trigger.STARTUP)) for member, problem in unread)
    return msgspec.structs.replace(package, not_analysed=tuple(rows[path] for path in sorted(rows)))


def _package(linked: LinkedPackage, pool: Pool) -> Package:
    findings = rules.judge(linked)
    unread = _unread(linked, findings, pool)
    findings = _with_contents(findings, linked, unread, pool)
    score = scoring.score(findings)
    owner = linked.distribution
    return Package(
        name=owner.name,
        version=owner.version,
        kind=owner.kind,
        location=owner.location,
        sha256=owner.sha256,
        score=score.score,
        level=score.level,
        findings=findings,
        not_analysed=unread,
        native=tuple(sorted(row.path for row in owner.members if row.path.endswith(NATIVE_SUFFIXES))),
        effort=linked.effort,
    )


def _with_contents(
    findings: tuple[Finding, ...], linked: LinkedPackage, unread: Sequence[Unread], pool: Pool
) -> tuple[Finding, ...]:
    """The findings on files that were not analysed and may matter, bound to the content of each."""
    decisive = {row.path for row in unread if row.decisive}
    members = {member.path: member for member, _, _ in linked.not_analysed}
    weighty = {
        finding.path
        for finding in findings
        if finding.rule == UNREAD_RULE and (finding.severity > Severity.INFO or finding.path in decisive)
    }
    paths = sorted(weighty & members.keys())
    contents = dict(zip(paths, pool.bodies([members[path] for path in paths]), strict=True))
    return tuple(
        msgspec.structs.replace(finding, evidence=_content(finding.path, contents[finding.path]))
        if finding.rule == UNREAD_RULE and finding.path in contents
        else finding
        for finding in findings
    )


def _content(path: str, bodies: Sequence[Body]) -> tuple[Evidence, ...]:
    return tuple(Evidence(path=path, function=WHOLE, digest=body.digest) for body in bodies[:1])


def _unread(linked: LinkedPackage, findings: Sequence[Finding], pool: Pool) -> tuple[Unread, ...]:
    """The files that were not analysed, each with the fingerprint of its finding."""
    prints = {finding.path: finding.fingerprint for finding in findings if finding.rule == UNREAD_RULE}
    return tuple(
        Unread(
            path=member.path,
            reason=problem.reason,
            detail=problem.detail,
            trigger=trigger,
            fingerprint=prints.get(member.path) or _fingerprint(linked.distribution, member, problem),
            decisive=is_gap(problem, trigger, is_searched=pool.sketch(member) is not None),
        )
        for member, problem, trigger in linked.not_analysed
    )


def _fingerprint(owner: Distribution, member: Member, problem: NotAnalysed) -> str:
    evidence = "\0".join((UNREAD_RULE, owner.name, member.path, problem.reason.value))
    return hashlib.sha256(evidence.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_source(member: Member) -> bool:
    return member.stored.endswith(SOURCES)


def _counting(target: TargetSet, pythons: tuple[Version, ...]) -> TargetSet:
    """The set with the versions that the user wants to count."""
    if not pythons:
        return target
    chosen = tuple(msgspec.structs.replace(owned, pythons=pythons) for owned in target.distributions)
    return msgspec.structs.replace(target, distributions=chosen)


def _pythons(sets: Iterable[TargetSet], options: Options) -> tuple[Version, ...]:
    if options.pythons:
        return options.pythons
    counting = {version for target in sets for owned in target.distributions for version in owned.pythons}
    return tuple(version for version in SUPPORTED_PYTHONS if version in counting)
