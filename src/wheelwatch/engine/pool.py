"""The facts port over worker processes: what is parsed, in which batches, and what a death costs."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wheelwatch.catalogue.stdlib import RENAMED
from wheelwatch.engine.advance import Advance, Meter, Progress
from wheelwatch.engine.cache import Contents, Store, facts_key
from wheelwatch.engine.joints import joined
from wheelwatch.engine.places import packed, unpacked
from wheelwatch.engine.runner import Runner
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.model import (
    Analysis,
    Body,
    FileFacts,
    Group,
    Inline,
    Joint,
    Member,
    NotAnalysed,
    Sketch,
)

_FACTS = msgspec.msgpack.Decoder(Analysis)


class Pool:
    """The facts port over a runner: examines every source file once and keeps what it said.

    Args:
        runner: where the work is done.
        progress: told how far the examination is.
        store: the cache that the runner's workers use, too.
    """

    def __init__(
        self, runner: Runner, progress: Progress | None = None, store: Store | None = None
    ) -> None:
        self._runner = runner
        self._contents = Contents(store) if store is not None else None
        self._progress = progress or _untold
        self._members: dict[Item, list[Member]] = {}
        self._sketches: dict[Item, Sketch] = {}
        self._expected: dict[Item, int] = {}
        self._owners: dict[Item, str] = {}
        """The packages of those that are expected."""
        self._sums: dict[Item, str] = {}
        """SHA-256 of contents that were hashed when their archive was read."""
        self._encoded: dict[Item, bytes] = {}
        """Analyses, encoded and compressed: whoever asks for one holds what it needs of it."""
        self._problems: dict[Item, NotAnalysed] = {}
        self._bodies: dict[Item, tuple[Body, ...]] = {}
        self._found: dict[str, int] = {}
        """By name: a bit for each of the members, in their order, that mentions it."""
        self._wanted: frozenset[Item] = frozenset()

    def expect(self, members: Iterable[Member], package: str = "") -> None:
        """Names members that are to be examined before anybody asks which of them mention something.

        Until then what is asked for by name comes first: what startup reaches is looked into before the
        rest can use up the time that there is.
        """
        for member in members:
            item = _item(member)
            if item not in self._members:
                self._expected[item] = member.size
                self._owners[item] = package
            self._members.setdefault(item, []).append(member)

    def examine(self, members: Iterable[Member] = ()) -> None:
        """Sketches all of these and all that are expected, and analyses those that may hold a site."""
        self.expect(members)
        fresh = {
            item: size
            for item, size in self._expected.items()
            if item not in self._sketches and item not in self._problems
        }
        self._wanted |= self._expected.keys() & self._problems.keys()
        self._expected.clear()
        known = self._seen(fresh)
        self._take(known)
        rest = [(item, size) for item, size in fresh.items() if item not in known]
        order = [*known, *(item for item, _ in rest)]
        meter = Meter([self._owners.get(item, "") for item in order], len(known), self._progress)
        self._owners.clear()
        answers = self._runner.run(Work.EXAMINE, rest, (), meter)
        self._take(answers)
        self._wanted |= {item for item, answer in answers.items() if answer.analysis or answer.problem}

    def examine_rest(self) -> None:
        """Analyses every examined member, so that nothing rests on anchors: the proof of triage.

        A file without an anchor counts from then on when it holds a site that counts. Where triage is
        sound there is none, and every answer is the same as before. One that cannot be parsed counts only
        with an anchor.
        """
        self.examine()
        rest = [item for item in self._members if item not in self._wanted]
        self.ask(self._members[item][0] for item in rest)
        self._wanted |= {item for item in rest if self._holds_site(item)}

    def ask(self, members: Iterable[Member]) -> None:
        """Analyses in one go whatever of these is not known yet."""
        asked = {_item(member): member for member in members}
        sizes = {item: member.size for item, member in asked.items()}
        unknown = [item for item in sizes if not self._is_known(item)]
        self._sums.update((item, sum_) for item in unknown if (sum_ := asked[item].sha256))
        kept = self._recalled(unknown)
        self._encoded.update((item, _small(analysis)) for item, analysis in kept.items())
        rest = [(item, sizes[item]) for item in unknown if item not in kept]
        if rest:
            self._take(self._runner.run(Work.ANALYSE, rest, (), _silent))

    def facts(self, member: Member) -> Analysis:
        """What one member says, or why nobody can tell."""
        item = _item(member)
        self.ask((member,))
        return self._decoded(item)

    def bodies(self, members: Sequence[Member]) -> tuple[tuple[Body, ...], ...]:
        """The digests of the code objects of each member; each is asked for once."""
        sizes = {_item(member): member.size for member in members}
        keys = self._keys(item for item in sizes if item not in self._bodies)
        kept = self._contents.bodies(keys.values()) if self._contents is not None else {}
        self._bodies.update((item, kept[key]) for item, key in keys.items() if key in kept)
        fresh = [(item, size) for item, size in sizes.items() if item not in self._bodies]
        if fresh:
            answers = self._runner.run(Work.DIGEST, fresh, (), _silent)
            self._bodies.update((item, answer.bodies) for item, answer in answers.items())
            if self._contents is not None:
                found = {key: answers[item].bodies for item, key in keys.items() if item in answers}
                self._contents.keep_bodies(found)
        return tuple(self._bodies[_item(member)] for member in members)

    def mentions(self, names: frozenset[str], *also: frozenset[str]) -> tuple[Member, ...]:
        """Every examined member whose text holds one of the names; each name is searched for once.

        Without names: the members whose anchors say that they may hold a site. ``also``: sets of which
        the text has to hold a name as well.
        """
        if self._expected:
            self.examine()
        if not names:
            return tuple(m for item, found in self._members.items() if item in self._wanted for m in found)
        self._seek(names.union(*also))
        bits = self._holding(names)
        for others in also:
            bits &= self._holding(others)
        found = tuple(self._members.values())
        return tuple(member for place in unpacked(bits) for member in found[place])

    def _seek(self, names: frozenset[str]) -> None:
        """Find out for each name which members hold it."""
        for name in RENAMED.keys() & names - self._found.keys():
            anchored = (
                place
                for place, item in enumerate(self._members)
                if (sketch := self._sketches.get(item)) is not None and name in sketch.anchors
            )
            self._found[name] = packed(anchored, len(self._members))
        fresh = tuple(sorted(names - self._found.keys()))
        if fresh:
            self._search(fresh)

    def _holding(self, names: Iterable[str]) -> int:
        """A bit for each of the members that hold one of these names."""
        bits = 0
        for name in names:
            bits |= self._found[name]
        return bits

    def together(self, groups: Sequence[Group]) -> tuple[Joint | NotAnalysed, ...]:
        """What each group of members says together, or why nobody can tell."""
        return joined(groups, self._runner, self._contents, self._content)

    def sketch(self, member: Member) -> Sketch | None:
        """What is known of a member without parsing it."""
        return self._sketches.get(_item(member))

    def problem(self, member: Member) -> NotAnalysed | None:
        """Why an examined member could not be analysed, where that was tried."""
        item = _item(member)
        if not self._is_known(item):
            return None
        known = self.facts(member)
        return known if isinstance(known, NotAnalysed) else None

    def close(self) -> None:
        """Ends the runner's work; facts that are known stay."""
        self._runner.close()

    def _seen(self, items: Iterable[Item]) -> dict[Item, Answer]:
        """What the cache knows of those items whose content is known without reading them."""
        if self._contents is None:
            return {}
        digests = {item: sha for item in items if (sha := self._members[item][0].sha256)}
        found = self._contents.sketches(digests.values())
        return {
            item: Answer(sketch=found[sha].sketch, is_wanted=found[sha].is_wanted)
            for item, sha in digests.items()
            if sha in found
        }

    def _recalled(self, items: Iterable[Item]) -> dict[Item, bytes]:
        """The analyses of those items whose contents have been seen, as far as the cache has them."""
        if self._contents is None:
            return {}
        keys = self._keys(items)
        found = self._contents.facts(keys.values())
        return {item: found[key] for item, key in keys.items() if key in found}

    def _keys(self, items: Iterable[Item]) -> dict[Item, bytes]:
        """The keys of the facts of those items whose contents have been seen."""
        return {item: facts_key(item, sha) for item in items if (sha := self._digest(item))}

    def _content(self, member: Member) -> str:
        """SHA-256 of what a member holds, as far as anybody has looked."""
        return self._digest(_item(member)) or member.sha256

    def _digest(self, item: Item) -> str:
        if isinstance(item.source, Inline):
            return hashlib.sha256(item.source.data).hexdigest()
        sketch = self._sketches.get(item)
        return sketch.sha256 if sketch is not None else self._sums.get(item, "")

    def _is_known(self, item: Item) -> bool:
        return item in self._encoded or item in self._problems

    def _take(self, answers: Mapping[Item, Answer]) -> None:
        self._wanted |= {item for item, answer in answers.items() if answer.is_wanted}
        for item, answer in answers.items():
            if answer.sketch is not None:
                self._sketches[item] = answer.sketch
            if answer.analysis is not None:
                self._encoded[item] = _small(answer.analysis)
            if answer.problem is not None:
                self._problems[item] = answer.problem

    def _holds_site(self, item: Item) -> bool:
        encoded = self._encoded.get(item)
        known = _FACTS.decode(zlib.decompress(encoded)) if encoded is not None else None
        if not isinstance(known, FileFacts):
            return False
        # Imported here, as only the proof of triage needs it: the parent starts faster without.
        from wheelwatch.code import counts  # noqa: PLC0415

        return any(counts(site.kind, is_obfuscated=site.obfuscated) for site in known.sites)

    def _decoded(self, item: Item) -> Analysis:
        problem = self._problems.get(item)
        analysis: Analysis = problem or _FACTS.decode(zlib.decompress(self._encoded[item]))
        if isinstance(analysis, FileFacts) or analysis.anchors:
            return analysis
        sketch = self._sketches.get(item)
        return msgspec.structs.replace(analysis, anchors=sketch.anchors) if sketch else analysis

    def _search(self, names: tuple[str, ...]) -> None:
        """Asks for each name where it stands; files that could not be read lead nowhere."""
        # Files come in the order of their arrival; what is kept must not depend on it.
        shas = {item: sketch.sha256 for item, sketch in self._sketches.items()}
        items = sorted(self._members, key=lambda item: shas.get(item, ""))
        digests = [shas.get(item, "") for item in items]
        contents = self._contents if all(digests) else None
        found = contents.search(digests, names) if contents is not None else None
        if found is None:
            found = self._searched(items, names)
            if contents is not None:
                contents.keep_search(digests, names, found)
        places = {item: place for place, item in enumerate(self._members)}
        for name in names:
            here = (places[items[place]] for place in found.get(name, ()))
            self._found[name] = packed(here, len(items))

    def _searched(self, items: Sequence[Item], names: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
        sized = [(item, self._members[item][0].size) for item in items]
        answers = self._runner.run(Work.SEARCH, sized, names, _silent)
        found: dict[str, list[int]] = {}
        for index, item in enumerate(items):
            for name in answers[item].found:
                found.setdefault(name, []).append(index)
        return {name: tuple(indices) for name, indices in found.items()}


def _item(member: Member) -> Item:
    return Item(member.source, member.first_line)


def _small(analysis: bytes) -> bytes:
    """Encoded facts take a fifth of the room when they are compressed in the quickest way."""
    return zlib.compress(analysis, 1)


def _silent(done: int, total: int) -> None:
    """Progress that nobody follows."""


def _untold(advance: Advance) -> None:
    """Nobody is told how far it is."""
