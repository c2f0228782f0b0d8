"""From a plan to packages on this disk: direct ones, what uv resolves, and what has no wheel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.archive import read_project
from wheelwatch.errors import TargetError
from wheelwatch.model import Failure
from wheelwatch.sources.address import INSIDE, OUTSIDE, leads_out
from wheelwatch.sources.asking import applies, needs
from wheelwatch.sources.index.absent import Absent
from wheelwatch.sources.index.courier import Courier, Fetched
from wheelwatch.sources.index.doubts import Chooser, specifier_of
from wheelwatch.sources.index.newest import newer_sources, places, wanted_pages
from wheelwatch.sources.index.reading import Arrived, Reader, Reading
from wheelwatch.sources.index.solving import Resolver
from wheelwatch.sources.plan import Asked, Direct, DirectKind, Locked, Plan, Requirement
from wheelwatch.sources.request.project import project_plan, read_project_file

ROUNDS = 50
"""How often a package without a wheel may turn up."""

ARCHIVES = "name a wheel (.whl) or an sdist (.tar.gz, .zip)"


class Supply:
    """What one plan comes down to; failures and notes on the way are kept."""

    def __init__(
        self, plan: Plan, resolver: Resolver, courier: Courier, reading: Reading, *, may_build: bool
    ) -> None:
        self.arrived: list[Arrived] = []
        self.failures: list[Failure] = list(plan.failures)
        self.plan = self._bounded(plan, reading.base)
        self.files: list[Locked] = list(self.plan.locked)
        self.notes: list[str] = list(plan.notes)
        self.resolved: frozenset[str] = frozenset()
        """Names that were looked up in indexes."""
        self.is_unsolved = False
        """Uv found no answer, so what is missing says nothing."""
        self.resolver = resolver
        self.courier = courier
        self.absent = Absent(courier)
        self._reader = Reader(reading, courier, self.absent, self.notes)
        self._limits = reading.limits
        self._base = reading.base
        self._may_build = may_build
        self._environment = resolver.machine.environment()
        self._extra: tuple[Requirement, ...] = ()

    def _bounded(self, plan: Plan, base: str) -> Plan:
        """The plan without files of a lock that lie elsewhere on this machine."""
        kept = []
        for row in plan.locked:
            if leads_out(row.url, base):
                self._fail(row.asked or Asked(row.filename), OUTSIDE, INSIDE)
            else:
                kept.append(row)
        return msgspec.structs.replace(plan, locked=tuple(kept))

    def settle(self) -> None:
        """Fetches what says itself where it lies, and resolves the rest."""
        for direct in self.plan.directs:
            if applies(direct.marker, self._environment):
                self._direct(direct)
        self._force_sources()
        self._resolve()
        if self._may_build and not self.resolver.is_offline:
            self._prefer_newest()

    def fetch(self) -> Iterator[Arrived]:
        """Every resolved file as it arrives."""
        waiting = []
        for locked in self.files:
            if (known := self._reader.known(locked)) is None:
                waiting.append(locked)
                continue
            self.arrived.append(known)
            yield known
        for answer in self.courier.fetch(waiting):
            if not isinstance(answer, Fetched):
                self.failures.append(answer[1])
                continue
            one = self.read(answer)
            if one is not None:
                self.arrived.append(one)
                yield one

    def take_source(self, name: str, specifiers: Sequence[str]) -> bool:
        """Takes the sdist of a name instead of a wheel; what it requires is asked for in its place."""
        asked = next((row.asked for row in self.plan.requirements if row.name == name), Asked(name))
        pages = self.courier.pages([(index, name) for index in places(self.resolver.settings)])
        chooser = Chooser(self.resolver.settings, self.resolver.machine)
        sources = [file for page in pages for file in page.files if not file.is_wheel]
        best = chooser.best(sources, specifier_of(specifiers))
        if best is None:
            return False
        locked = Locked(
            name=name,
            version=best.version,
            url=best.url,
            filename=best.filename,
            hashes=self._allowed(name) or best.hashes,
            size=best.size,
            uploaded=best.uploaded,
        )
        one = self._fetch_one(locked)
        if one is not None:
            extras = [extra for row in self.plan.requirements if row.name == name for extra in row.extras]
            self._replace(name, extras, one.distribution.requires, asked)
        return True

    def versions(self) -> dict[str, str]:
        """The version of every package that was resolved, whether or not its file came."""
        found = {file.name: file.version for file in self.files}
        here = [one.distribution for one in self.arrived]
        return found | {str(canonicalize_name(row.name)): row.version for row in here}

    # direct requirements

    def _direct(self, direct: Direct) -> None:
        if leads_out(direct.place, self._base):
            self._fail(direct.asked, OUTSIDE, INSIDE)
            return
        match direct.kind:
            case DirectKind.VCS:
                hint = "build a wheel of it and audit that, or ask for a release"
                self._fail(direct.asked, "a repository would have to be built to be audited", hint)
            case DirectKind.FOLDER:
                self._folder(direct)
            case DirectKind.ARCHIVE:
                self._archive(direct)

    def _folder(self, direct: Direct) -> None:
        """A project on this disk: the files that an install would place, and what it says to require."""
        try:
            found = read_project(direct.place, direct.place, self._limits)
            path = Path(direct.place, "pyproject.toml")
            data = path.read_bytes() if path.is_file() else b""
            project = read_project_file(str(path), data)
        except (TargetError, OSError, ValueError) as error:
            self._fail(direct.asked, f"the project cannot be read: {_first(error)}")
            return
        plan = project_plan(project, direct.extras, (), is_root=False)
        self.failures += plan.failures
        name = canonicalize_name(found.name)
        requires = tuple(row.line for row in plan.requirements)
        distribution = msgspec.structs.replace(found, requires=requires)
        self.arrived.append(Arrived(distribution=distribution, locked=None, path=direct.place, cached=True))
        self._name(direct, name)
        self._replace(name, direct.extras, requires, direct.asked)
        for row in plan.directs:
            if applies(row.marker, self._environment):
                self._direct(row)

    def _archive(self, direct: Direct) -> None:
        filename = direct.place.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
        if not filename.endswith((".whl", ".tar.gz", ".zip", ".tgz")):
            is_list = filename.endswith((".txt", ".in", ".toml", ".lock"))
            hint = f"requirements and locks stand behind -r: -r {filename}" if is_list else ARCHIVES
            self._fail(direct.asked, "is no archive that can be audited", hint)
            return
        url = direct.place if "://" not in direct.place else direct.place.partition("#")[0]
        locked = Locked(
            name=direct.name,
            version="",
            url=url,
            filename=filename,
            hashes=direct.hashes,
            asked=direct.asked,
        )
        one = self._fetch_one(locked)
        if one is None:
            return
        name = canonicalize_name(one.distribution.name)
        self._name(direct, name)
        self._replace(name, direct.extras, one.distribution.requires, direct.asked)

    def _fetch_one(self, locked: Locked) -> Arrived | None:
        answer = next(iter(self.courier.fetch([locked])))
        if not isinstance(answer, Fetched):
            failure = answer[1]
            where = locked.asked.place if locked.asked else failure.where
            self.failures.append(msgspec.structs.replace(failure, where=where))
            return None
        one = self.read(answer)
        if one is not None:
            self.arrived.append(one)
        return one

    def _name(self, direct: Direct, name: str) -> None:
        """The plan with the name that the archive turned out to have."""
        rows = [
            msgspec.structs.replace(row, name=name) if row is direct else row for row in self.plan.directs
        ]
        if direct not in self.plan.directs:
            rows.append(msgspec.structs.replace(direct, name=name))
        self.plan = msgspec.structs.replace(self.plan, directs=tuple(rows))

    def _replace(
        self, name: str, extras: Sequence[str], requires: tuple[str, ...] | None, asked: Asked
    ) -> None:
        """Asks for what a package requires, as uv will not see the package itself."""
        rows = [
            Requirement(name=need.name, extras=need.extras, specifier=need.specifier, asked=asked)
            for need in needs(requires or (), extras, self._environment)
        ]
        if not self.resolver.has_dependencies:
            rows = []
        self._extra = (*self._extra, *rows)
        self.plan = msgspec.structs.replace(self.plan, excluded=(*self.plan.excluded, name))

    # resolution

    def _force_sources(self) -> None:
        """Names that the installer is told to build."""
        for name in self.resolver.settings.no_binary:
            if name == ":all:":
                what = "everything would be built from source, and nothing is built here"
                self.failures.append(
                    Failure(where="--no-binary :all:", what=what, hint="leave the option out")
                )
            else:
                self._source_or_failure(canonicalize_name(name), f"--no-binary {name}")

    def _resolve(self) -> None:
        for _ in range(ROUNDS):
            rows = (*self.plan.requirements, *self._extra)
            asked = msgspec.structs.replace(self.plan, requirements=rows)
            solution = self.resolver.resolve(asked)
            if solution.failure is None:
                self.files += solution.files
                self.resolved = frozenset(file.name for file in solution.files)
                self.notes += solution.notes
                return
            fresh = [name for name in solution.without_wheels if name not in self.plan.excluded]
            if not fresh or not all(self._source_or_failure(name, "") for name in fresh):
                self.is_unsolved = True
                self.failures += [solution.failure, *self._refusals(solution.missing)]
                return

    def _prefer_newest(self) -> None:
        """Takes the sources of versions that are newer than every wheel, as a builder would."""
        for _ in range(ROUNDS):
            newer = newer_sources(self)
            if not newer:
                return
            for name, specifiers in newer.items():
                self.take_source(name, specifiers)
            self.files = list(self.plan.locked)
            self._resolve()

    def _refusals(self, names: Sequence[str]) -> list[Failure]:
        """What indexes say of names that uv calls unknown: it does not tell a refusal from a gap."""
        if self.resolver.is_offline:
            return []
        pages = self.courier.pages(wanted_pages(self.resolver.settings, names))
        return [page.failure for page in pages if page.failure is not None]

    def _source_or_failure(self, name: str, why: str) -> bool:
        """Takes the sdist when that is allowed; says so when it is not."""
        rows = [row for row in self.plan.requirements if row.name == name]
        if why and not rows:
            return True
        is_exact = any(is_pinned(row.specifier) for row in rows)
        if not (self._may_build or is_exact):
            if why:
                what = f"{name} would be built from source"
                self.failures.append(
                    Failure(where=why, what=what, hint="--sdist audits it without building it")
                )
            return False
        return self.take_source(
            name, [row.specifier for row in (*rows, *self.plan.constraints) if row.name == name]
        )

    def _allowed(self, name: str) -> tuple[str, ...]:
        return tuple(one for row in self.plan.requirements if row.name == name for one in row.hashes)

    # files

    def read(self, fetched: Fetched) -> Arrived | None:
        """One file as a package; what is wrong with it is a failure."""
        answer = self._reader.read(fetched)
        if isinstance(answer, Arrived):
            return answer
        self.failures.append(answer)
        return None

    def _fail(self, asked: Asked, what: str, hint: str = "") -> None:
        self.failures.append(Failure(where=asked.full, what=what, hint=hint))


def is_pinned(specifier: str) -> bool:
    """Whether a specifier allows one version only."""
    return specifier.startswith("===") or (
        specifier.startswith("==") and "*" not in specifier and "," not in specifier
    )


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
