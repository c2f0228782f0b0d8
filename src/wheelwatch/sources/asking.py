"""Who asked for a package: the shortest path from a requirement to it, over what packages require."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import msgspec
from packaging.markers import Environment, Marker, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from wheelwatch.model import Distribution, Failure
from wheelwatch.sources.plan import Asked, Direct, Plan, Requirement

LIES = "what the index says of a package, or another requirement, disagrees with its file"
LIES_HINT = "do not install it before you know why"


class Trail(msgspec.Struct, frozen=True):
    """The requirement and the names from it to a package."""

    asked: Asked
    path: tuple[str, ...]


class Need(msgspec.Struct, frozen=True):
    """What one package requires of another."""

    name: str
    extras: tuple[str, ...]
    specifier: str


class Asking:
    """The graph of what was resolved.

    Args:
        requires: for each name what its metadata says, as written.
        environment: what markers see.
    """

    def __init__(self, requires: Mapping[str, tuple[str, ...]], environment: Environment) -> None:
        self._requires = requires
        self._environment = environment
        self.specifiers: dict[str, set[str]] = {}
        """What each name has to be, by everybody who asks for it."""

    def trails(self, plan: Plan) -> dict[str, Trail]:
        """The first shortest path to each name."""
        found: dict[str, Trail] = {}
        waiting = deque(self._roots(plan))
        seen: set[tuple[str, tuple[str, ...]]] = set()
        while waiting:
            need, trail = waiting.popleft()
            self.specifiers.setdefault(need.name, set()).add(need.specifier)
            found.setdefault(need.name, trail)
            if (need.name, need.extras) in seen:
                continue
            seen.add((need.name, need.extras))
            for inner in self.needs(need.name, need.extras):
                if inner.name not in trail.path:
                    waiting.append((inner, Trail(trail.asked, (*trail.path, inner.name))))
        for row in plan.constraints:
            self.specifiers.setdefault(row.name, set()).add(row.specifier)
        return found

    def unmet(self, trails: Mapping[str, Trail], versions: Mapping[str, str]) -> list[Failure]:
        """What the files themselves require and was not resolved: their index said something else of them.

        Args:
            trails: of `trails`.
            versions: of every package that was resolved, by name; empty where nobody knows it.
        """
        found = []
        for name, trail in trails.items():
            where = " -> ".join(trail.path)
            specifier = ",".join(sorted(one for one in self.specifiers.get(name, ()) if one))
            if name not in versions:
                what = f"{name}{specifier} is required, and was not resolved: {LIES}"
                found.append(Failure(where=where, what=what, hint=LIES_HINT))
            elif versions[name] and not _allows(specifier, versions[name]):
                what = f"{name}{specifier} is required, and {versions[name]} was resolved: {LIES}"
                found.append(Failure(where=where, what=what, hint=LIES_HINT))
        return found

    def needs(self, name: str, extras: Iterable[str]) -> Iterator[Need]:
        """What a package requires here."""
        yield from needs(self._requires.get(name, ()), extras, self._environment)

    def _roots(self, plan: Plan) -> Iterator[tuple[Need, Trail]]:
        rows: list[Requirement | Direct] = [*plan.requirements, *plan.directs]
        for row in rows:
            if row.name and applies(row.marker, self._environment):
                specifier = row.specifier if isinstance(row, Requirement) else ""
                yield Need(row.name, row.extras, specifier), Trail(row.asked, (row.name,))


def needs(requires: Iterable[str], extras: Iterable[str], environment: Environment) -> Iterator[Need]:
    """The requirements of metadata that hold in an environment with these extras."""
    for text in requires:
        try:
            parsed = Parsed(text)
        except (InvalidRequirement, RecursionError):
            continue
        if parsed.marker is None or any(
            _holds(parsed.marker, environment, extra) for extra in ("", *extras)
        ):
            yield Need(canonicalize_name(parsed.name), tuple(sorted(parsed.extras)), str(parsed.specifier))


def applies(marker: str, environment: Environment) -> bool:
    """Whether the marker of a requirement holds."""
    return not marker or _holds(Marker(marker), environment, "")


def _allows(specifier: str, version: str) -> bool:
    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True


def requires_of(distribution: Distribution) -> tuple[str, ...]:
    """What it says to require, nothing where only a build would tell."""
    return distribution.requires or ()


def _holds(marker: Marker, environment: Environment, extra: str) -> bool:
    try:
        return marker.evaluate({**cast("dict[str, str]", environment), "extra": extra})
    except (UndefinedEnvironmentName, RecursionError):
        return False
