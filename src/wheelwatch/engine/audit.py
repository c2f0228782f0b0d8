"""One run of ``audit``: from what is asked for to judged packages, fetched while they are judged."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch import __version__
from wheelwatch.archive import read_wheel
from wheelwatch.engine.cache import Wheels
from wheelwatch.engine.delivery import Delivery
from wheelwatch.engine.judgement import Judged, judge, pool_for, sources_of
from wheelwatch.engine.options import Observer as Watching
from wheelwatch.engine.options import Options, Unobserved
from wheelwatch.engine.pool import Pool
from wheelwatch.engine.runner import Workers
from wheelwatch.engine.verdict import outcome
from wheelwatch.model import (
    Distribution,
    Origin,
    Package,
    Report,
    TargetSet,
    Version,
)
from wheelwatch.sources import joined
from wheelwatch.sources.address import redacted, shown
from wheelwatch.sources.asking import Asking, Trail, requires_of
from wheelwatch.sources.index.courier import Courier, Page
from wheelwatch.sources.index.doubts import Chooser, issues_of, passed_over, specifier_of
from wheelwatch.sources.index.machine import OWN, Machine, machine
from wheelwatch.sources.index.newest import by_name, wanted_pages
from wheelwatch.sources.index.program import with_own_index
from wheelwatch.sources.index.reading import Arrived, Reading
from wheelwatch.sources.index.settings import Installer, Settings, settings
from wheelwatch.sources.index.shelf import Shelf
from wheelwatch.sources.index.solving import Resolver
from wheelwatch.sources.index.strict import check_hashes
from wheelwatch.sources.index.supply import Supply
from wheelwatch.sources.plan import Locked, Option, Plan, join
from wheelwatch.sources.request import Inputs, gather
from wheelwatch.sources.request.gathering import Gathered
from wheelwatch.sources.request.requirements import read_requirements

LABEL = "audit"
REFUSED = "(403)"
"""The answer of some public indexes to a name that they do not have."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be audited, and by whose rules."""

    inputs: Inputs
    installer: Installer | None = None
    """``None`` for the one to which the inputs belong: uv for its own files, else pip."""
    python: Version = OWN
    platform: str = ""
    options: tuple[Option, ...] = ()
    """Index options of the command line."""
    has_dependencies: bool = True
    may_build: bool = False
    """Packages that would be built are judged as sources instead of being refused."""
    is_offline: bool = False
    cache: str = ""
    """Folder of the user's cache; empty for none."""


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """The report, and the files that were judged, for a lock."""

    report: Report
    files: tuple[Locked, ...]
    unlockable: tuple[str, ...]
    """Names of judged packages that are no files of an index."""
    downloads: int
    seconds: Seconds


class Seconds(msgspec.Struct, frozen=True, kw_only=True):
    """How long each phase took by the clock; fetching goes on beside the examination of what is here."""

    resolve: float
    fetch: float
    """Until everything was here and its files were examined."""
    judge: float


class Observer(Watching, Protocol):
    """Follows an audit: resolving, fetching, and all that belongs to judging."""

    def resolving(self, names: int) -> None:
        """So many names are looked up."""

    def fetched(self, done: int, total: int) -> None:
        """So many files have arrived."""


class Unwatched(Unobserved):
    """Nobody follows."""

    def resolving(self, names: int) -> None:
        """Ignored."""

    def fetched(self, done: int, total: int) -> None:
        """Ignored."""


def audit(order: Order, *, options: Options, observer: Observer, runner: Workers) -> Audited:
    """Judges everything that an installation would bring, before anything is installed.

    Args:
        order: what is asked for.
        options: threshold, limits; its ``pythons`` are those of the order.
        observer: is told about the progress.
        runner: where files are analysed; all its workers are started here.

    Raises:
        WheelwatchError: uv is missing, or an option is unusable.
    """
    runner.start(is_whole=True)
    return _Audit(order, options, observer, runner).run()


class _Audit:
    """The state of one run."""

    def __init__(self, order: Order, options: Options, observer: Observer, runner: Workers) -> None:
        self._order = order
        self._machine: Machine = machine(order.python, order.platform)
        self._delivery = Delivery(runner)
        pythons = (self._machine.python,)
        delivery = self._delivery
        self._options = msgspec.structs.replace(
            options, pythons=pythons, read=delivery.read, head=delivery.head
        )
        self._observer = observer
        self._pool: Pool = pool_for(LABEL, self._delivery, options, observer)
        self._asking = Asking({}, self._machine.environment())
        self._clock = [time.monotonic()]
        base = order.inputs.base
        self._reading = Reading(options.limits, read_wheel, base=base)
        if options.cache is not None:
            wheels = Wheels(options.cache)
            self._reading = Reading(options.limits, wheels.read, wheels.known, wheels.kept, base)

    def run(self) -> Audited:
        try:
            return self._run()
        finally:
            if self._options.cache is not None:
                self._options.cache.trim()
                self._options.cache.close()

    def _run(self) -> Audited:
        cache = f"{self._order.cache}/uv" if self._order.cache else ""
        with Shelf(f"{self._order.cache}/files" if self._order.cache else "") as shelf:
            cache = cache or str(shelf.root / "uv")
            gathered = gather(self._order.inputs, self._machine, self._options.limits, cache=cache)
            rules = with_own_index(self._rules(gathered), cache)
            plan = self._plan(gathered, rules)
            courier = Courier(rules, shelf, self._options.limits, is_offline=self._order.is_offline)
            with courier:
                supply = self._supply(plan, rules, courier, cache)
                return self._finish(supply, rules, courier)

    def _rules(self, gathered: Gathered) -> Settings:
        installer = self._order.installer or (Installer.UV if gathered.has_uv else Installer.PIP)
        return settings(installer, (*gathered.plan.options, *self._order.options), gathered.uv)

    def _plan(self, gathered: Gathered, rules: Settings) -> Plan:
        """The plan with the constraints of the installer's configuration."""
        limits = self._options.limits
        named = [read_requirements(path, limits, is_constraint=True) for path in rules.constraints]
        return join((gathered.plan, *named))

    def _supply(self, plan: Plan, rules: Settings, courier: Courier, cache: str) -> Supply:
        resolver = Resolver(
            settings=rules,
            machine=self._machine,
            cache=cache,
            is_offline=self._order.is_offline,
            has_dependencies=self._order.has_dependencies,
        )
        supply = Supply(plan, resolver, courier, self._reading, may_build=self._order.may_build)
        self._delivery.store = supply.absent
        self._observer.resolving(len(plan.requirements))
        supply.settle()
        return supply

    def _finish(self, supply: Supply, rules: Settings, courier: Courier) -> Audited:
        """Fetches, judges, and asks the indexes what else there is."""
        names = sorted(supply.resolved)
        asked = courier.ask(wanted_pages(rules, names)) if not self._order.is_offline else None
        self._clock.append(time.monotonic())
        self._arrive(supply)
        self._clock.append(time.monotonic())
        pages = by_name(asked.result()) if asked is not None else {}
        trails = self._trails(supply)
        doubted = self._doubts(supply, rules, pages)
        if self._order.has_dependencies and not supply.is_unsolved:
            supply.failures += self._asking.unmet(trails, supply.versions())
        supply.failures += check_hashes(supply.plan, supply.arrived, rules)
        distributions = tuple(doubted)
        together = TargetSet(label=LABEL, distributions=distributions)
        judged = self._judge(together)
        supply.failures += supply.absent.failures
        supply.notes += courier.notes
        report = self._report(judged, supply, trails, rules)
        return Audited(
            report=report,
            files=tuple(one.locked for one in supply.arrived if one.locked is not None),
            unlockable=tuple(one.distribution.name for one in supply.arrived if one.locked is None),
            downloads=courier.downloads,
            seconds=self._seconds(),
        )

    def _seconds(self) -> Seconds:
        begin, resolved, here = self._clock
        return Seconds(resolve=resolved - begin, fetch=here - resolved, judge=time.monotonic() - here)

    def _arrive(self, supply: Supply) -> None:
        """Examines each package as soon as it is here."""
        for one in supply.arrived:
            self._pool.examine(sources_of(one.distribution))
        total = len(supply.files)
        for number, one in enumerate(supply.fetch(), 1):
            self._observer.fetched(number, total)
            self._pool.examine(sources_of(one.distribution))

    def _trails(self, supply: Supply) -> dict[str, Trail]:
        requires = {_name(one): requires_of(one.distribution) for one in supply.arrived}
        self._asking = Asking(requires, self._machine.environment())
        return self._asking.trails(supply.plan)

    def _judge(self, together: TargetSet) -> Judged | None:
        if not together.distributions:
            return None
        target = joined(together, self._options.limits)
        pythons = self._options.pythons
        chosen = tuple(msgspec.structs.replace(row, pythons=pythons) for row in target.distributions)
        return judge(msgspec.structs.replace(target, distributions=chosen), self._pool, self._options)

    # what else there is

    def _doubts(
        self, supply: Supply, rules: Settings, pages: dict[str, list[Page]]
    ) -> Sequence[Distribution]:
        """The packages with what the indexes say about them; newer sources are failures."""
        chooser = Chooser(rules, self._machine)
        found = []
        for one in supply.arrived:
            rows = pages.get(_name(one), [])
            for page in rows:
                if page.failure is None:
                    continue
                if REFUSED in page.failure.what:
                    supply.notes.append(
                        f"{page.failure.where}: {page.failure.what}; installers pass over it"
                    )
                elif page.failure not in supply.failures:
                    supply.failures.append(page.failure)
            if rows and one.locked is not None:
                specifier = specifier_of(self._asking.specifiers.get(_name(one), ()))
                newer = chooser.newer_source(rows, one.locked.version, specifier)
                if newer is not None and not one.locked.is_sdist:
                    supply.failures.append(passed_over(newer, one.locked.version))
                issues = tuple(issues_of(chooser.rivals(rows, specifier), rows, one.locked.filename))
                all_issues = (*one.distribution.issues, *issues)
                found.append(msgspec.structs.replace(one.distribution, issues=all_issues))
            else:
                found.append(one.distribution)
        return found

    # the report

    def _report(
        self, judged: Judged | None, supply: Supply, trails: dict[str, Trail], rules: Settings
    ) -> Report:
        has_gaps = bool(judged and judged.gaps)
        packages = self._packages(judged, supply, trails) if judged else ()
        result = outcome(
            packages,
            supply.failures,
            fail_on=self._options.fail_on,
            has_gaps=has_gaps,
            is_empty=False,
        )
        return Report(
            wheelwatch=__version__,
            outcome=result,
            complete=not (has_gaps or supply.failures),
            fail_on=self._options.fail_on,
            targets=self._targets(),
            pythons=self._options.pythons,
            packages=packages,
            errors=tuple(dict.fromkeys(supply.failures)),
            notes=tuple(dict.fromkeys((*self._words(supply, rules), *supply.notes))),
        )

    def _packages(self, judged: Judged, supply: Supply, trails: dict[str, Trail]) -> tuple[Package, ...]:
        """The judged packages, each with its origin; folders on path lines have none."""
        count = len(supply.arrived)
        own = [
            msgspec.structs.replace(package, origin=_origin(one, trails.get(_name(one))))
            for package, one in zip(judged.packages[:count], supply.arrived, strict=True)
        ]
        return tuple(sorted(own, key=lambda package: package.name.lower())) + judged.packages[count:]

    def _targets(self) -> tuple[str, ...]:
        inputs = self._order.inputs
        return (*inputs.files, *(redacted(text) for text in inputs.requirements))

    def _words(self, supply: Supply, rules: Settings) -> Sequence[str]:
        if supply.plan.is_empty:
            return ("nothing is asked for: there is no requirement in it",)
        if not (supply.arrived or supply.failures):
            return (f"nothing would be installed: no requirement holds on Python {self._machine.python}",)
        where = ", ".join(index.shown for index in (*rules.indexes, *rules.find_links)) or "no index"
        return (
            f"resolved as {rules.installer.value} would on Python {self._machine.python}, from {where}",
        )


def _name(one: Arrived) -> str:
    return canonicalize_name(one.locked.name if one.locked else one.distribution.name)


def _origin(one: Arrived, trail: Trail | None) -> Origin:
    asked = one.locked.asked if one.locked and one.locked.asked else (trail.asked if trail else None)
    return Origin(
        requirement=asked.text if asked else "",
        file=asked.file if asked else "",
        line=asked.line if asked else 0,
        path=trail.path if trail else (_name(one),),
        url=shown(one.locked.url) if one.locked else "",
        uploaded=one.locked.uploaded if one.locked else None,
        cached=one.cached,
    )
