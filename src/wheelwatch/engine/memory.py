"""One batch with what the cache knows of its contents: read and hashed first, then asked for together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeAlias

from msgspec.structs import replace

from wheelwatch import archive
from wheelwatch.engine.cache import Contents, Known, facts_key
from wheelwatch.engine.task import Answer, Batch, Examiner, Item, Work
from wheelwatch.limits import Limits
from wheelwatch.model import NotAnalysed

Timed: TypeAlias = Callable[[Examiner, Item], Answer]
"""Calls an examiner for one item, under the limits of one file."""

Inspector: TypeAlias = Callable[[Work, Item, bytes, Limits, Known | None], Answer]
"""Says what bytes say, given what is known of them."""


class Memory:
    """What is known of the items of one batch, and what they hold where that is not known.

    Args:
        contents: the cache.
        batch: what is asked.
        timed: keeps the limits of one file.
        inspect: does the work where the cache knows nothing.
    """

    def __init__(self, contents: Contents, batch: Batch, timed: Timed, inspect: Inspector) -> None:
        self._contents = contents
        self._batch = batch
        self._timed = timed
        self._inspect = inspect
        self._answers: dict[Item, Answer] = {}
        self._data: dict[Item, bytes] = {}
        self._digests: dict[Item, str] = {}
        self._known: dict[Item, Known] = {}

    def answers(self) -> list[Answer]:
        """The answer for each item, in order; what is new is kept."""
        for item in self._batch.items:
            answer = self._timed(self._read, item)
            if answer.problem is not None:
                self._answers[item] = answer
        self._recall()
        fresh = [item for item in self._data if item not in self._answers]
        for item in fresh:
            self._answers[item] = self._timed(self._examine, item)
        kept = self._keep(fresh)
        if self._batch.work is Work.EXAMINE:
            # Nobody waits for these now; who asks for one later finds it in the cache.
            for item in kept:
                self._answers[item] = replace(self._answers[item], analysis=None, is_kept=True)
        return [self._answers[item] for item in self._batch.items]

    def _read(self, _work: Work, item: Item, _tokens: tuple[str, ...], limits: Limits) -> Answer:
        data = archive.read(item.source, limits)
        if isinstance(data, NotAnalysed):
            return Answer(problem=data)
        self._data[item] = data
        self._digests[item] = hashlib.sha256(data, usedforsecurity=False).hexdigest()
        return Answer()

    def _recall(self) -> None:
        found = self._contents.sketches(self._digests.values())
        self._known = {item: found[sha] for item, sha in self._digests.items() if sha in found}
        if self._batch.work is Work.EXAMINE:
            for item, known in self._known.items():
                self._answers[item] = Answer(sketch=known.sketch, is_wanted=known.is_wanted)
            return
        keys = {item: facts_key(item, self._digests[item]) for item in self._known}
        facts = self._contents.facts(keys.values())
        for item, known in self._known.items():
            if keys[item] in facts:
                self._answers[item] = Answer(
                    sketch=known.sketch,
                    is_wanted=known.is_wanted,
                    analysis=facts[keys[item]],
                    is_lasting=True,
                )

    def _examine(self, work: Work, item: Item, _tokens: tuple[str, ...], limits: Limits) -> Answer:
        return self._inspect(work, item, self._data[item], limits, self._known.get(item))

    def _keep(self, items: Iterable[Item]) -> list[Item]:
        """Keeps what is new; gives the items whose analyses are in the cache now."""
        answers = [(item, self._answers[item]) for item in items]
        facts = {
            item: (facts_key(item, answer.sketch.sha256), answer.analysis)
            for item, answer in answers
            if answer.sketch is not None and answer.analysis is not None and answer.is_lasting
        }
        # Facts first: a sketch says that they need not be looked for in the file again.
        is_kept = self._contents.keep_facts(dict(facts.values()))
        self._contents.keep_sketches(
            Known(answer.sketch, answer.is_wanted)
            for item, answer in answers
            if answer.sketch is not None and item not in self._known
        )
        return list(facts) if is_kept else []
