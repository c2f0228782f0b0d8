"""What a startup finding runs, by digest: the code objects of its own distribution on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from wheelwatch.model import (
    WHOLE,
    Body,
    Evidence,
    Facts,
    Inline,
    Kind,
    Member,
    PackageKind,
    StartupEntry,
    TargetSet,
)
from wheelwatch.reach.names import Node
from wheelwatch.reach.search import Arrival, Trail
from wheelwatch.reach.units import Units

MODULE = "<module>"
LINE = "<line>"
LENGTH = 32

DYNAMIC = frozenset({Kind.DYNAMIC_ACCESS, Kind.DYNAMIC_CODE, Kind.DECODE_RUN})
"""A file with such a site may run any of its functions: it counts as a whole."""


class Witness:
    """Gathers the evidence of one set; digests are asked for in rounds."""

    def __init__(self, target: TargetSet, units: Units, port: Facts) -> None:
        self._target = target
        self._units = units
        self._port = port

    def of_entry(self, entry: StartupEntry, trail: Trail) -> tuple[Evidence, ...]:
        """The line, and everything of its own distribution that it runs; of an unowned file everything."""
        owner = entry.distribution
        is_unowned = self._target.distributions[owner].kind is PackageKind.UNOWNED
        nodes = [node for node in trail.nodes() if is_unowned or self._owner(node) == owner]
        (pieces,) = self._pieces([nodes])
        return _sorted((*line(entry), *pieces))

    def of_arrivals(
        self, entry: StartupEntry, trail: Trail, arrivals: Sequence[Arrival]
    ) -> tuple[tuple[Evidence, ...], ...]:
        """For each site the line, and the code of the site's distribution on the way to it."""
        ways = []
        for arrival in arrivals:
            owner = self._units.places.owners[arrival.file]
            ways.append([node for node in _way(trail, arrival) if self._owner(node) == owner])
        return tuple(_sorted((*line(entry), *pieces)) for pieces in self._pieces(ways))

    def _owner(self, node: Node) -> int:
        return self._units.places.owners[node[0]]

    def _pieces(self, ways: Sequence[Sequence[Node]]) -> Iterator[tuple[Evidence, ...]]:
        files = list(dict.fromkeys(file for way in ways for file, _ in way))
        members = [self._units.places.members[file] for file in files]
        bodies = dict(zip(files, self._port.bodies(members), strict=True))
        for way in ways:
            yield tuple(self._piece(node, bodies[node[0]]) for node in dict.fromkeys(way))

    def _piece(self, node: Node, bodies: Sequence[Body]) -> Evidence:
        file, number = node
        member = self._units.places.members[file]
        if not bodies:
            return Evidence(path=member.path, function=WHOLE, digest=_hash("unreadable"))
        unit = self._units.known(file)
        if unit is None or unit.facts.notes or any(site.kind in DYNAMIC for site in unit.facts.sites):
            return Evidence(path=member.path, function=_name(member, WHOLE), digest=bodies[0].digest)
        scope = unit.facts.scopes[number]
        body = _enclosing(scope.qualified, scope.line, bodies)
        return Evidence(path=member.path, function=_name(member, body.function), digest=body.digest)


def line(entry: StartupEntry) -> tuple[Evidence, ...]:
    """The line of a startup file that is no Python of its own; its text, as nobody parses it."""
    if entry.code is not None or not entry.line:
        return ()
    return (Evidence(path=entry.member.path, function=LINE, digest=_hash(entry.text.strip())),)


def _way(trail: Trail, arrival: Arrival) -> Iterator[Node]:
    number = arrival.visit
    while number >= 0:
        visit = trail.visits[number]
        yield visit.node
        number = visit.parent


def _enclosing(qualified: str, line: int, bodies: Sequence[Body]) -> Body:
    """The body that a scope is, or that it stands in; of several of one name that at its line."""
    while qualified:
        named = [body for body in bodies if body.function == qualified]
        if named:
            return min(named, key=lambda body: abs(body.line - line))
        qualified = qualified.rpartition(".")[0]
    return next((body for body in bodies if not body.function), bodies[0])


def _name(member: Member, function: str) -> str:
    if isinstance(member.source, Inline):
        return LINE
    return function or MODULE


def _sorted(pieces: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each place once, by path and name; where one name stands for several functions, all of them count."""
    places: dict[tuple[str, str], list[str]] = {}
    for piece in pieces:
        places.setdefault((piece.path, piece.function), []).append(piece.digest)
    return tuple(
        Evidence(path=path, function=function, digest=_joined(sorted(set(digests))))
        for (path, function), digests in sorted(places.items())
    )


def _joined(digests: Sequence[str]) -> str:
    return digests[0] if len(digests) == 1 else _hash(" ".join(digests))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
