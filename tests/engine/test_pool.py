"""The facts port: what is examined once, what is asked for, and what a death costs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pytest

from wheelwatch.engine import worker
from wheelwatch.engine.patience import refused
from wheelwatch.engine.pool import Pool
from wheelwatch.engine.runner import BATCH_FILES, InProcess, Workers
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import FileFacts, Inline, Kind, Member, NotAnalysed, Reason, Scope, Site, Sketch

ANCHOR = b"settrace"


def member(name: str, data: bytes) -> Member:
    return Member(stored=name, place=name, uv_place=name, size=len(data), source=Inline(data))


def facts_of(data: bytes) -> FileFacts:
    name = data.decode("utf-8", "surrogateescape")
    return FileFacts(sha256="0" * 64, scopes=(Scope(name=name, qualified="", line=1, parent=-1),))


def pretend(
    work: Work, item: Item, tokens: tuple[str, ...], limits: Limits, *, is_spent: bool = False
) -> Answer:
    """An examiner for tests: sources are orders."""
    assert isinstance(item.source, Inline)
    data = item.source.data
    if work is Work.SEARCH:
        return Answer(found=tuple(token for token in tokens if token.encode() in data))
    anchors = (ANCHOR.decode(),) if ANCHOR in data else ()
    sketch = Sketch(sha256="0" * 64, size=len(data), encoding="utf-8", anchors=anchors)
    if is_spent:
        return refused(work, sketch, limits, is_wanted=bool(anchors))
    match data.split():
        case [b"raise", *_]:
            raise ValueError(data.decode())
        case [b"fill", *_]:
            raise MemoryError
        case [b"die", number, *_]:
            os.kill(os.getpid(), int(number))
        case [b"spin", *_]:
            while True:
                pass
        case [b"sleep", *_]:
            time.sleep(60)
        case [b"burn", *_]:
            begin = time.process_time()
            while time.process_time() < begin + 0.4:
                pass
    if work is Work.EXAMINE and not anchors:
        return Answer(sketch=sketch)
    return Answer(sketch=sketch, analysis=worker.encode(facts_of(data)))


class Counting(InProcess):
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        super().__init__(DEFAULT, pretend)
        self.asked: list[tuple[Work, int]] = []

    def run(self, work: Work, items: Sequence[tuple[Item, int]], *rest: Any) -> Mapping[Item, Answer]:
        self.asked.append((work, len(items)))
        return super().run(work, items, *rest)


PLAIN = member("plain.py", b"x")
HOOK = member("hook.py", b"settrace")
TWIN = member("twin.py", b"settrace")


def test_only_files_with_an_anchor_are_analysed_unasked() -> None:
    runner = Counting()
    pool = Pool(runner)
    pool.examine([PLAIN, HOOK, TWIN])
    assert pool.mentions(frozenset()) == (HOOK, TWIN)
    assert pool.facts(HOOK) == facts_of(b"settrace")
    assert runner.asked == [(Work.EXAMINE, 2)], "equal sources are examined once"


def test_without_triage_a_file_counts_when_it_holds_a_site() -> None:
    site = Site(kind=Kind.TRACE, api="sys.settrace", scope=0, line=1, column=1, snippet="x")
    holding = msgspec.structs.replace(facts_of(b"y"), sites=(site,))

    def examiner(work: Work, item: Item, tokens: tuple[str, ...], limits: Limits) -> Answer:
        if work is Work.ANALYSE and item.source == Inline(b"y"):
            return Answer(analysis=worker.encode(holding))
        return pretend(work, item, tokens, limits)

    hidden = member("hidden.py", b"y")
    pool = Pool(InProcess(DEFAULT, examiner))
    pool.examine([PLAIN, HOOK, hidden])
    assert pool.mentions(frozenset()) == (HOOK,)
    pool.examine_rest()
    assert pool.mentions(frozenset()) == (HOOK, hidden)
    assert pool.facts(PLAIN) == facts_of(b"x")


def test_what_cannot_be_decoded_is_analysed_whatever_it_holds() -> None:
    strange = member("strange.py", b"# coding: no-such-codec\n")
    pool = Pool(InProcess(DEFAULT))
    pool.examine([strange, PLAIN])
    assert pool.mentions(frozenset()) == (strange,)
    lost = pool.facts(strange)
    assert isinstance(lost, NotAnalysed)
    assert lost.reason is Reason.ENCODING


def test_a_link_of_a_chain_is_analysed_when_asked_for() -> None:
    runner = Counting()
    pool = Pool(runner)
    pool.examine([PLAIN, HOOK])
    pool.ask([PLAIN, HOOK])
    pool.ask([PLAIN, HOOK])
    assert pool.facts(PLAIN) == facts_of(b"x")
    assert pool.facts(member("new.py", b"y")) == facts_of(b"y")
    assert runner.asked == [(Work.EXAMINE, 2), (Work.ANALYSE, 1), (Work.ANALYSE, 1)]


def test_mentions_are_searched_for_once() -> None:
    runner = Counting()
    pool = Pool(runner)
    a, b = member("a.py", b"install()"), member("b.py", b"remove()")
    pool.examine([a, b])
    assert pool.mentions(frozenset({"install"})) == (a,)
    assert pool.mentions(frozenset({"install", "remove"})) == (a, b)
    assert pool.mentions(frozenset({"nowhere"})) == ()
    assert [work for work, _ in runner.asked].count(Work.SEARCH) == 3


@pytest.mark.parametrize(
    ("order", "reason"), [(b"raise settrace", Reason.INTERNAL), (b"fill", Reason.OUT_OF_MEMORY)]
)
def test_what_a_file_raises_is_its_own_result(order: bytes, reason: Reason) -> None:
    pool = Pool(InProcess(DEFAULT, pretend))
    bad = member("bad.py", order)
    pool.examine([bad, HOOK])
    found = pool.facts(bad)
    assert isinstance(found, NotAnalysed)
    assert found.reason is reason
    assert pool.mentions(frozenset()) == (bad, HOOK)
    assert isinstance(pool.facts(HOOK), FileFacts)


def test_lone_surrogates_travel_as_visible_escapes() -> None:
    pool = Pool(InProcess(DEFAULT, pretend))
    facts = pool.facts(member("odd.py", b"\xff"))
    assert isinstance(facts, FileFacts)
    assert facts.scopes[0].name == "\\udcff"


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    monkeypatch.setattr(worker, "examine", pretend)  # forked workers inherit it
    crew = Workers(msgspec.structs.replace(DEFAULT, analysis_seconds=0.5), 2)
    yield crew
    crew.close()


@pytest.mark.processes
@pytest.mark.parametrize(
    ("order", "reason", "detail"),
    [
        (b"die 9", Reason.WORKER_DIED, "signal 9"),
        (b"die 11", Reason.WORKER_DIED, "signal 11"),
        (b"spin", Reason.TOO_SLOW, "0.5 s"),
        (b"sleep", Reason.TOO_SLOW, "0.5 s"),
        (b"fill", Reason.OUT_OF_MEMORY, "MiB"),
        (b"raise", Reason.INTERNAL, "ValueError"),
    ],
)
def test_a_deadly_file_costs_itself(workers: Workers, order: bytes, reason: Reason, detail: str) -> None:
    pool = Pool(workers)
    good = [member(f"{number}.py", b"settrace %d" % number) for number in range(40)]
    bad = member("bad.py", order)
    pool.examine([*good[:20], bad, *good[20:]])
    assert [pool.facts(each) for each in good] == [facts_of(b"settrace %d" % n) for n in range(40)]
    found = pool.facts(bad)
    assert isinstance(found, NotAnalysed)
    assert found.reason is reason
    assert detail in found.detail


@pytest.mark.processes
def test_many_batches_keep_every_file(workers: Workers) -> None:
    pool = Pool(workers)
    files = [member(f"{n}.py", b"settrace %d" % n) for n in range(3 * BATCH_FILES + 7)]
    seen: list[tuple[int, int]] = []
    pool = Pool(workers, lambda advance: seen.append((advance.files, advance.of_files)))
    pool.examine(files)
    assert pool.mentions(frozenset()) == tuple(files)
    assert seen[-1] == (len(files), len(files))
    assert seen == sorted(seen)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    monkeypatch.setattr(worker, "examine", pretend)
    crew = Workers(msgspec.structs.replace(DEFAULT, analysis_seconds=5, slow_seconds=1), 2)
    yield crew
    crew.close()


@pytest.mark.processes
@pytest.mark.parametrize("order", [b"burn", b"die 9"])
def test_many_slow_files_use_up_what_there_is_and_the_rest_is_named(hasty: Workers, order: bytes) -> None:
    pool = Pool(hasty)
    first = member("first.py", b"settrace 1")
    assert pool.facts(first) == facts_of(b"settrace 1")
    slow = [member(f"{n}.py", b"%b %d settrace" % (order, n)) for n in range(60)]
    plain = [member(f"plain{n}.py", b"x %d" % n) for n in range(5)]
    pool.examine([*slow, *plain])
    found = [pool.facts(each) for each in slow]
    lost = [facts for facts in found if isinstance(facts, NotAnalysed)]
    left_out = [facts for facts in lost if "left out" in facts.detail]
    assert len(left_out) > 40
    assert {facts.reason for facts in left_out} == {Reason.TOO_SLOW}
    assert {facts.anchors for facts in left_out} == {("settrace",)}
    assert set(pool.mentions(frozenset())) == set(slow), "none of them is clean"
    assert pool.facts(first) == facts_of(b"settrace 1"), "what was known stays"
    assert all(pool.sketch(each) is not None for each in plain)


def test_what_is_asked_for_by_name_comes_before_what_is_expected() -> None:
    runner = Counting()
    pool = Pool(runner)
    pool.expect([PLAIN, HOOK])
    assert pool.facts(HOOK) == facts_of(b"settrace")
    assert runner.asked == [(Work.ANALYSE, 1)]
    assert pool.mentions(frozenset({"x"})) == (PLAIN,)
    assert runner.asked == [(Work.ANALYSE, 1), (Work.EXAMINE, 1), (Work.SEARCH, 2)], "nothing twice"


@pytest.mark.processes
def test_large_files_are_analysed_like_others(workers: Workers) -> None:
    pool = Pool(workers)
    large = [member(f"{n}.py", b"settrace %d " % n + b"#" * DEFAULT.alone_bytes) for n in range(3)]
    small = [member(f"s{n}.py", b"settrace %d" % n) for n in range(3)]
    pool.examine([*large, *small])
    assert all(isinstance(pool.facts(each), FileFacts) for each in (*large, *small))


@pytest.mark.parametrize("is_backwards", [False, True])
def test_mentions_are_of_the_files_that_hold_the_name_in_whatever_order_they_came(
    is_backwards: bool,
) -> None:
    files = [member(f"m{number}.py", f"name_{number} = {number}\n".encode()) for number in range(12)]
    pool = Pool(InProcess(DEFAULT))
    pool.examine(files[::-1] if is_backwards else files)
    found = {f"name_{number}": pool.mentions(frozenset({f"name_{number}"})) for number in range(12)}
    assert {name: [one.stored for one in held] for name, held in found.items()} == {
        f"name_{number}": [f"m{number}.py"] for number in range(12)
    }
