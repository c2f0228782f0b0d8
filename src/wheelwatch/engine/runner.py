"""Who does the work on sources: worker processes, what a batch holds, and what a death costs."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeAlias

import msgspec

from wheelwatch.engine.cache import Store
from wheelwatch.engine.process import Crew, Death
from wheelwatch.engine.task import Answer, Batch, Examiner, Item, Work
from wheelwatch.engine.worker import CLOCK, OVERDUE, examine, guarded, serve
from wheelwatch.limits import Limits
from wheelwatch.model import NotAnalysed, Reason

BATCH_BYTES = 1024 * 1024
BATCH_FILES = 128
SHARE_BYTES = 64 * 1024
"""What is worth a worker of its own."""

PATIENCE = 4
"""How much longer than one file may take the parent waits for a batch; the kernel should be first."""

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the number of files examined, and of all."""

_ANSWERS = msgspec.msgpack.Decoder(list[Answer])


class Runner(Protocol):
    """Carries out one kind of work on many items; the order of the answers is that of the items."""

    def run(
        self, work: Work, items: Sequence[tuple[Item, int]], tokens: tuple[str, ...], progress: Progress
    ) -> Mapping[Item, Answer]:
        """The answer for each item, given with its size in bytes."""

    def close(self) -> None:
        """Gives back what the runner holds."""


class InProcess:
    """Does the work here: for tests and for sources that are known to be harmless."""

    def __init__(self, limits: Limits, examiner: Examiner = examine) -> None:
        self._limits = limits
        self._examiner = examiner

    def run(
        self, work: Work, items: Sequence[tuple[Item, int]], tokens: tuple[str, ...], progress: Progress
    ) -> Mapping[Item, Answer]:
        """The answer for each item."""
        answers = {}
        for item, _ in items:
            batch = Batch(work, (item,), tokens)
            answers[item] = guarded(self._examiner, batch, item, self._limits)
            progress(len(answers), len(items))
        return answers

    def close(self) -> None:
        """Nothing is held."""


class Workers:
    """Does the work in processes that may die; a death costs the file that caused it."""

    def __init__(self, limits: Limits, size: int = 0, store: Store | None = None) -> None:
        self._limits = limits
        self._size = size or _cores()
        seconds = limits.analysis_seconds * CLOCK * PATIENCE
        # An open database is not to be inherited; a worker opens it anew.
        before = store.close if store is not None else _nothing
        self._crew = Crew(partial(serve, limits=limits, store=store), self._size, seconds, before)

    def start(self, *, is_whole: bool = False) -> None:
        """Starts one worker ahead of its work, or all: for callers that are about to have threads."""
        self._crew.start(self._size if is_whole else 1)

    def run(
        self, work: Work, items: Sequence[tuple[Item, int]], tokens: tuple[str, ...], progress: Progress
    ) -> Mapping[Item, Answer]:
        """The answer for each item; batches of a worker that died are repeated file by file."""
        answers: dict[Item, Answer] = {}
        suspects: list[Item] = []
        for batch, outcome in self._batches(_packed(items, self._size), work, tokens):
            if isinstance(outcome, Death):
                suspects.extend(batch)
            else:
                answers.update(zip(batch, outcome, strict=True))
            progress(len(answers), len(items))
        for (item,), outcome in self._batches([(item,) for item in suspects], work, tokens):
            answers[item] = self._lost(outcome) if isinstance(outcome, Death) else outcome[0]
            progress(len(answers), len(items))
        return answers

    def close(self) -> None:
        """Ends all workers."""
        self._crew.close()

    def _batches(
        self, batches: Sequence[tuple[Item, ...]], work: Work, tokens: tuple[str, ...]
    ) -> Iterator[tuple[tuple[Item, ...], Sequence[Answer] | Death]]:
        calls = [(number, pickle.dumps(Batch(work, batch, tokens))) for number, batch in enumerate(batches)]
        for number, outcome in self._crew.run(calls):
            yield batches[number], outcome if isinstance(outcome, Death) else _ANSWERS.decode(outcome)

    def _lost(self, death: Death) -> Answer:
        if death.overdue or death.code in [-number for number in OVERDUE]:
            detail = f"took longer than {self._limits.analysis_seconds:g} s"
            return Answer(problem=NotAnalysed(reason=Reason.TOO_SLOW, detail=detail))
        code = death.code
        how = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
        detail = f"the worker that analysed it {how}"
        return Answer(problem=NotAnalysed(reason=Reason.WORKER_DIED, detail=detail))


def _packed(items: Sequence[tuple[Item, int]], workers: int) -> Sequence[tuple[Item, ...]]:
    """Batches that cost about the same, by bytes and by count; a large file stands alone."""
    share = sum(size for _, size in items) // workers
    limit = min(BATCH_BYTES, max(SHARE_BYTES, share))
    batches: list[tuple[Item, ...]] = []
    batch: list[Item] = []
    weight = 0
    for item, size in items:
        if batch and (weight + size > limit or len(batch) == BATCH_FILES):
            batches.append(tuple(batch))
            batch, weight = [], 0
        batch.append(item)
        weight += size
    return [*batches, tuple(batch)] if batch else batches


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _nothing() -> None:
    """Nothing is held that must be let go."""
