"""Files of known attacks in a set: digests that are there anyway, and startup files by what they hold."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from wheelwatch.catalogue.incidents import Incident, Incidents, hexadecimal
from wheelwatch.model import Distribution, Member, NotAnalysed, Sighting, Sketch, StartupEntry, TargetSet

ROW = re.compile(rb"sha256=([A-Za-z0-9_-]{43})")
SNIPPET = 200


class Search:
    """Looks for the files of known attacks in one set.

    Args:
        target: the set.
        entries: its startup entries; their files are read and hashed.
        sketch: tells what is known of a source file, with its digest.
        limits: bounds on reading.
    """

    def __init__(
        self,
        target: TargetSet,
        entries: tuple[StartupEntry, ...],
        sketch: Callable[[Member], Sketch | None],
        read: Callable[[Member], bytes | NotAnalysed],
    ) -> None:
        self._target = target
        self._sketch = sketch
        self._read = read
        self._starting: dict[int, dict[str, Member]] = {}
        for entry in entries:
            self._starting.setdefault(entry.distribution, {}).setdefault(entry.member.path, entry.member)

    def run(self, incidents: Incidents) -> tuple[tuple[Sighting, ...], ...]:
        """What was found in each distribution, each path once, by path."""
        rows = []
        for index, owned in enumerate(self._target.distributions):
            seen: dict[str, Sighting] = {}
            for sighting in self._of(index, owned, incidents):
                seen.setdefault(sighting.path, sighting)
            rows.append(tuple(seen[path] for path in sorted(seen)))
        return tuple(rows)

    def _of(self, index: int, owned: Distribution, incidents: Incidents) -> Iterator[Sighting]:
        if owned.sha256 and (incident := incidents.of_digest(owned.sha256)):
            yield _sighting(incident, "", "the archive's SHA-256")
        for member in self._starting.get(index, {}).values():
            yield from self._startup(member, incidents)
        for member in owned.members:
            sketch = self._sketch(member)
            if sketch is not None and (incident := incidents.of_digest(sketch.sha256)):
                yield _sighting(incident, member.path, "its SHA-256")
            if member.stored.endswith(".dist-info/RECORD"):
                yield from self._recorded(owned, member, incidents)

    def _startup(self, member: Member, incidents: Incidents) -> Iterator[Sighting]:
        data = self._read(member)
        if isinstance(data, NotAnalysed):
            return
        incident = incidents.of_digest(hashlib.sha256(data).hexdigest())
        if incident is not None:
            yield _sighting(incident, member.path, "its SHA-256")
            return
        text = data.decode("utf-8", "replace")
        found = incidents.of_text(member.path.rpartition("/")[2], text)
        if found is not None:
            incident, line = found
            snippet = text.split("\n", line)[line - 1].strip()[:SNIPPET]
            yield _sighting(incident, member.path, "its name and content", line, snippet)

    def _recorded(self, owned: Distribution, member: Member, incidents: Incidents) -> Iterator[Sighting]:
        """What RECORD says of files that nothing else hashes; its lies are another rule's matter."""
        data = self._read(member)
        if isinstance(data, NotAnalysed):
            return
        for match in ROW.finditer(data):
            incident = incidents.of_digest(hexadecimal(match[1].decode()))
            if incident is not None:
                begin = data.rfind(b"\n", 0, match.start()) + 1
                stored = data[begin : match.start()].decode("utf-8", "replace").rstrip(",").strip('"')
                yield _sighting(incident, _place(owned, stored), "its SHA-256 in RECORD")


def _place(owned: Distribution, stored: str) -> str:
    return next((m.path for m in owned.members if stored in (m.stored, m.place)), stored)


def _sighting(incident: Incident, path: str, how: str, line: int = 0, snippet: str = "") -> Sighting:
    return Sighting(
        path=path,
        line=line,
        snippet=snippet,
        id=incident.id,
        name=incident.name,
        how=how,
        aliases=incident.aliases,
        techniques=incident.techniques,
    )
