"""From one set to its judged packages, over the facts of its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import partial

import msgspec

from wheelwatch import reach, rules, scoring, startup
from wheelwatch.catalogue.incidents import Incidents, incidents
from wheelwatch.collection import uncollected
from wheelwatch.engine.bytecode import Head, compiled
from wheelwatch.engine.incident import Search
from wheelwatch.engine.options import Observer, Options
from wheelwatch.engine.pool import Pool
from wheelwatch.engine.runner import Runner
from wheelwatch.engine.verdict import is_gap
from wheelwatch.model import (
    WHOLE,
    Body,
    Compiled,
    Distribution,
    Evidence,
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
)

SOURCES = (".py", ".pyw")
UNREAD_RULE = "analysis-not-analysed"
NATIVE_SUFFIXES = (".so", ".pyd")


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One set with all that is known of it; ``linked`` and ``packages`` in the order of distributions."""

    target: TargetSet
    surface: startup.Surface
    linked: tuple[LinkedPackage, ...]
    packages: tuple[Package, ...]
    gaps: frozenset[Trigger]
    """When the files would run whose absence from the analysis makes the run incomplete."""


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

    def head(source: Source, count: int) -> bytes | NotAnalysed:
        return options.head(source, count, limits)

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
        msgspec.structs.replace(package, sightings=seen, compiled=_compiled(package, pool, head))
        for package, seen in zip(complete, sightings, strict=True)
    )
    packages = tuple(_package(package, pool) for package in whole)
    gaps = frozenset(row.trigger for package in packages for row in package.not_analysed if row.decisive)
    return Judged(target=target, surface=surface, linked=whole, packages=packages, gaps=gaps)


def _compiled(package: LinkedPackage, pool: Pool, head: Head) -> tuple[Compiled, ...]:
    lost = {member.path: problem for member, problem, _ in package.not_analysed}
    return compiled(package.distribution, lost, pool.facts, head)


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
