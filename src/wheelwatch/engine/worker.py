"""The inside of a worker: answers batches about hostile files, one file at a time, under limits."""

from __future__ import annotations

import faulthandler
import gc
import os
import pickle
import resource
import signal
import time
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from wheelwatch import escape
from wheelwatch.engine.cache import Contents, Known, Store, is_lasting
from wheelwatch.engine.memory import Memory
from wheelwatch.engine.patience import Allowance, refused
from wheelwatch.engine.task import Answer, Batch, Examiner, Item, Work
from wheelwatch.limits import Limits
from wheelwatch.model import FileFacts, Inline, NotAnalysed, Reason

CLOCK = 4
"""How much more time by the clock a file may take than processor time."""

OVERDUE = (signal.SIGPROF, signal.SIGALRM)
"""Signals that end a worker whose file takes too long, by processor time and by the clock."""


def serve(connection: Connection, limits: Limits, store: Store | None = None) -> None:
    """Answers batches until the parent closes its end; what is kept there needs no work."""
    _confine(limits)
    _load()
    contents = Contents(store) if store is not None else None
    while True:
        # Batches come from our own parent, and file names may hold what msgspec refuses to send.
        batch: Batch = pickle.loads(connection.recv_bytes())  # noqa: S301
        answers = _answers(batch, limits, contents)
        connection.send_bytes(encode(answers))
        del answers
        gc.collect()


def _answers(batch: Batch, limits: Limits, contents: Contents | None) -> Sequence[Answer]:
    allowance = Allowance(batch.allowance)

    def timed(examiner: Examiner, item: Item) -> Answer:
        begin = time.process_time()
        answer = _timed(examiner, batch, item, limits)
        if batch.work is Work.SEARCH:
            return answer
        excess = allowance.charge(time.process_time() - begin, _size(item, answer))
        return msgspec.structs.replace(answer, excess=excess) if excess else answer

    def inspected(work: Work, item: Item, data: bytes, limits: Limits, known: Known | None) -> Answer:
        return inspect(work, item, data, limits, known, is_spent=allowance.is_spent)

    if contents is None or batch.work not in (Work.EXAMINE, Work.ANALYSE):
        spent = partial(examine, is_spent=True)
        return [timed(spent if allowance.is_spent else examine, item) for item in batch.items]
    return Memory(contents, batch, timed, inspected).answers()


def _size(item: Item, answer: Answer) -> int:
    """Bytes of source that were looked at."""
    if item.group is not None:
        return sum(placed.member.size for placed in item.group.files)
    return answer.sketch.size if answer.sketch is not None else 0


def _load() -> None:
    """Imports what the first batch needs, while the parent still reads its targets."""
    import wheelwatch.archive  # noqa: PLC0415
    import wheelwatch.code  # noqa: F401, PLC0415


def examine(
    work: Work, item: Item, tokens: tuple[str, ...], limits: Limits, *, is_spent: bool = False
) -> Answer:
    """What one source says; reads its bytes once. ``is_spent``: nothing is analysed any more."""
    # Imported here, as only workers parse: the parent starts faster without.
    from wheelwatch import archive, code  # noqa: PLC0415

    if is_spent and work in (Work.TOGETHER, Work.DIGEST):
        return refused(work, None, limits, is_wanted=True)
    if item.group is not None:
        parts = [archive.read(placed.member.source, limits) for placed in item.group.files]
        joint = code.join(parts, item.group, limits)
        return Answer(analysis=encode(joint), is_lasting=not isinstance(joint, NotAnalysed))
    data = archive.read(item.source, limits)
    if isinstance(data, NotAnalysed):
        return Answer(problem=data)
    if work is Work.SEARCH:
        return Answer(found=code.mentions(data, tokens, limits))
    if work is Work.DIGEST:
        return Answer(bodies=code.bodies(data, limits, first_line=item.first_line))
    return inspect(work, item, data, limits, is_spent=is_spent)


def inspect(  # noqa: PLR0913 - what is known, what is asked, and how far it may go
    work: Work,
    item: Item,
    data: bytes,
    limits: Limits,
    known: Known | None = None,
    *,
    is_spent: bool = False,
) -> Answer:
    """What these bytes say, of which something may be known already."""
    from wheelwatch import code  # noqa: PLC0415

    sketch, is_wanted = known or _look(data, limits)
    if is_spent or (work is Work.EXAMINE and not is_wanted):
        return refused(work, sketch, limits, is_wanted=is_wanted)
    # Source of no file of its own is a line of a startup file.
    is_line = isinstance(item.source, Inline)
    analysis = code.analyse(data, limits, first_line=item.first_line, is_startup_line=is_line)
    return Answer(
        sketch=sketch,
        analysis=encode(analysis),
        is_wanted=is_wanted,
        is_lasting=isinstance(analysis, FileFacts) or is_lasting(analysis),
    )


def _look(data: bytes, limits: Limits) -> Known:
    from wheelwatch import code  # noqa: PLC0415

    sketch = code.sketch(data, limits)
    # What cannot be decoded could not be searched either: it is named, whatever its bytes look like.
    return Known(sketch, sketch.encoding is None or code.wants(sketch.anchors))


def guarded(examiner: Examiner, batch: Batch, item: Item, limits: Limits) -> Answer:
    """The answer about one item, whatever happens on the way."""
    try:
        return examiner(batch.work, item, batch.tokens, limits)
    except MemoryError:
        detail = f"needs more than the {limits.worker_bytes >> 20} MiB that one worker may use"
        return Answer(problem=NotAnalysed(reason=Reason.OUT_OF_MEMORY, detail=detail))
    except Exception as error:  # noqa: BLE001 - whatever one file causes costs that file only
        detail = f"{type(error).__name__}: {str(error)[:200]}"
        return Answer(problem=NotAnalysed(reason=Reason.INTERNAL, detail=detail))


def encode(value: object) -> bytes:
    """The form in which answers and facts travel and are kept; lone surrogates become visible escapes."""
    try:
        return msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value, builtin_types=(bytes,))
        return msgspec.msgpack.encode(_encodable(plain))


def _encodable(value: Any) -> Any:
    """The same value without lone surrogates; as deep as our own records are, never as the target."""
    match value:
        case str():
            return escape.json(value)
        case dict():
            return {key: _encodable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_encodable(inner) for inner in value]
        case _:
            return value


def _timed(examiner: Examiner, batch: Batch, item: Item, limits: Limits) -> Answer:
    """Lets the kernel end this process when one file takes too long, also inside the parser's C code."""
    signal.setitimer(signal.ITIMER_PROF, limits.analysis_seconds)
    signal.setitimer(signal.ITIMER_REAL, limits.analysis_seconds * CLOCK)
    try:
        return guarded(examiner, batch, item, limits)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _confine(limits: Limits) -> None:
    _mute()
    for overdue in OVERDUE:
        signal.signal(overdue, signal.SIG_DFL)
    gc.freeze()
    gc.disable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = limits.worker_bytes
    ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft == resource.RLIM_INFINITY or soft > ceiling:
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))


def _mute() -> None:
    """What a dying parser writes is not ours to print: its death is a result of its own."""
    faulthandler.disable()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
