"""Who does the work on sources: worker processes, what a batch holds, and what a death costs."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeAlias

import msgspec

from wheelwatch.engine.cache import Kind, Store
from wheelwatch.engine.patience import DEATH_SECONDS, Allowance
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
        self._store = store
        self._size = size or _cores()
        self._allowance = Allowance(limits.slow_seconds)
        seconds = limits.analysis_seconds * CLOCK * PATIENCE
        # An open database is not to be inherited; a worker opens it anew.
        before = store.close if store is not None else _nothing
        work = partial(serve, limits=limits, store=store)
        self._crew = Crew(work, self._size, seconds, before, limits.kept_bytes)

    def start(self, *, is_whole: bool = False, may_recall: bool = False) -> None:
        """Starts one worker ahead of its work, or all: for callers that are about to have threads.

        Where verdicts are kept and may be recalled there may be no work.
        """
        if is_whole:
            self._crew.start(self._size)
        elif not may_recall or self._store is None or not self._store.holds(Kind.VERDICT):
            self._crew.start(1)

    def run(
        self, work: Work, items: Sequence[tuple[Item, int]], tokens: tuple[str, ...], progress: Progress
    ) -> Mapping[Item, Answer]:
        """The answer for each item; batches of a worker that died are repeated file by file."""
        answers: dict[Item, Answer] = {}
        small = [(item, size) for item, size in items if size < self._limits.alone_bytes]
        large = [(item,) for item, size in items if size >= self._limits.alone_bytes]
        suspects: list[tuple[Item, ...]] = []
        todo = ((_packed(small, self._size), self._size), (large, 1), (suspects, self._size))
        for batches, at_once in todo:
            for batch, outcome in self._batches(batches, work, tokens, at_once):
                if not isinstance(outcome, Death):
                    answers.update(zip(batch, outcome, strict=True))
                elif batches is suspects or len(batch) == 1:
                    answers[batch[0]] = self._lost(outcome)
                else:
                    suspects += [(item,) for item in batch]
                progress(len(answers), len(items))
        return answers

    def close(self) -> None:
        """Ends all workers."""
        self._crew.close()

    def _batches(
        self, batches: Sequence[tuple[Item, ...]], work: Work, tokens: tuple[str, ...], at_once: int
    ) -> Iterator[tuple[tuple[Item, ...], Sequence[Answer] | Death]]:
        calls = (
            (number, pickle.dumps(Batch(work, batch, tokens, self._allowance.left)))
            for number, batch in enumerate(batches)
        )
        for number, outcome in self._crew.run(calls, at_once):
            if isinstance(outcome, Death):
                self._allowance.left -= DEATH_SECONDS
                yield batches[number], outcome
            else:
                answers = _ANSWERS.decode(outcome)
                self._allowance.left -= sum(answer.excess for answer in answers)
                yield batches[number], answers

    def _lost(self, death: Death) -> Answer:
        if death.overdue or death.code in [-number for number in OVERDUE]:
            self._allowance.left -= self._limits.analysis_seconds
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
