"""What the judgement of a set has read: every source with what it held, and whether luck had a part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from wheelwatch.engine.cache import Reading, answer_of
from wheelwatch.engine.options import Options
from wheelwatch.engine.runner import Progress, Runner
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.limits import Limits
from wheelwatch.model import Analysis, Inline, Joint, NotAnalysed, Reason, Source

LUCK = frozenset({Reason.TOO_SLOW, Reason.OUT_OF_MEMORY, Reason.WORKER_DIED, Reason.INTERNAL})
"""Reasons that need not come again for the same bytes."""

_ANALYSIS: msgspec.msgpack.Decoder[Analysis | Joint] = msgspec.msgpack.Decoder(Analysis | Joint)


class Witness:
    """A runner and a reader that remembers what went through it.

    Args:
        runner: does the work.
        options: how this process reads, and bounds on it.
    """

    def __init__(self, runner: Runner, options: Options) -> None:
        self._runner = runner
        self._options = options
        self._digests: dict[Source, bytes] = {}
        """SHA-256 of what was there; empty where nobody has told."""
        self._heads: dict[tuple[Source, int], bytes | NotAnalysed] = {}
        self.is_lucky = False
        """Something was said that the same bytes need not lead to again, or they changed meanwhile."""

    def run(
        self, work: Work, items: Sequence[tuple[Item, int]], tokens: tuple[str, ...], progress: Progress
    ) -> Mapping[Item, Answer]:
        """The answer for each item."""
        answers = self._runner.run(work, items, tokens, progress)
        for item, answer in answers.items():
            self._weigh(answer)
            for source in _sources(item):
                self._note(source, bytes.fromhex(answer.sketch.sha256) if answer.sketch else b"")
        return answers

    def read(self, source: Source, limits: Limits) -> bytes | NotAnalysed:
        """The bytes of a member, as `archive.read` gives them."""
        data = self._options.read(source, limits)
        self._note(source, hashlib.sha256(data).digest() if isinstance(data, bytes) else b"")
        return data

    def head(self, source: Source, count: int, limits: Limits) -> bytes | NotAnalysed:
        """The first bytes of a member, as `archive.head` gives them."""
        data = self._options.head(source, count, limits)
        self._heads[source, count] = data
        return data

    def close(self) -> None:
        """Ends the runner's work."""
        self._runner.close()

    def readings(self, known: Mapping[Source, bytes]) -> Iterator[Reading]:
        """What is to be read again to know that all is as it was, besides what is known of this set."""
        for source, digest in self._digests.items():
            if source in known:
                self.is_lucky |= bool(digest) and digest != known[source]
            else:
                found = digest or answer_of(self._options.read(source, self._options.limits))
                yield Reading(source, 0, found)
        for (source, count), data in self._heads.items():
            yield Reading(source, count, answer_of(data))

    def _note(self, source: Source, digest: bytes) -> None:
        if isinstance(source, Inline):
            return  # it was made of something that was read
        before = self._digests.setdefault(source, digest)
        if digest and before != digest:
            self.is_lucky |= bool(before)
            self._digests[source] = digest

    def _weigh(self, answer: Answer) -> None:
        problem = answer.problem
        if answer.analysis is not None and not answer.is_lasting:
            said = _ANALYSIS.decode(answer.analysis)
            problem = said if isinstance(said, NotAnalysed) else problem
        if problem is not None and problem.reason in LUCK:
            self.is_lucky = True


def _sources(item: Item) -> Iterator[Source]:
    if item.group is None:
        yield item.source
    else:
        yield from (placed.member.source for placed in item.group.files)
