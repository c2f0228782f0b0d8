"""What is known is not done again, and says the same: cold and warm, whatever the number of workers."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.factories import site_dir, wheel
from wheelwatch.engine import worker
from wheelwatch.engine.cache import Contents, Kind, Known, Store, Wheels, facts_key, is_lasting
from wheelwatch.engine.pool import Pool
from wheelwatch.engine.run import Options, scan
from wheelwatch.engine.runner import InProcess
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.limits import DEFAULT
from wheelwatch.model import ContainerKind, FileRef, Inline, Member, NotAnalysed, Reason
from wheelwatch.report import json

HOOK = "import sys\n\n\ndef spy(*_):\n    return None\n\n\ndef install():\n    sys.settrace(spy)\n"
FILES: dict[str, str | bytes] = {
    "demo/__init__.py": "from demo.hooks import install\n",
    "demo/hooks.py": HOOK,
    "demo/late.py": "from demo import hooks\n\nhooks.install()\n",
    "demo/broken.py": "def (:\n",
    "demo/latin.py": b"# caf\xe9 sys.settrace\n",
    "demo/plain.py": "x = 1\n",
    "demo.pth": "import demo.late\n",
}


def store(folder: Path) -> Store:
    return Store(lambda: folder / "wheelwatch" / "facts-1-x.sqlite3")


class Counting(InProcess):
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        super().__init__(DEFAULT)
        self.asked: list[tuple[Work, int]] = []

    def run(self, work: Work, items: Sequence[tuple[Item, int]], *rest: Any) -> Mapping[Item, Answer]:
        if items:
            self.asked.append((work, len(items)))
        return super().run(work, items, *rest)


@pytest.mark.parametrize("kind", ["wheel", "site"])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_a_scan_says_the_same_cold_and_warm(tmp_path: Path, kind: str, workers: int) -> None:
    if kind == "wheel":
        target = wheel(tmp_path, FILES)
    else:
        target = site_dir(tmp_path / "site-packages", {"demo-1.0": FILES}, {"loose.py": HOOK})
    alone = json.render(scan([str(target)], options=Options(workers=1)))
    assert "sys.settrace" in alone
    for _ in ("cold", "warm", "warm"):
        with closing(store(tmp_path)) as cache:
            report = scan([str(target)], options=Options(workers=workers, cache=cache))
            assert cache.trouble == ""
        assert json.render(report) == alone


def test_a_warm_scan_of_a_wheel_looks_into_nothing(tmp_path: Path) -> None:
    target = wheel(tmp_path, FILES)
    with closing(store(tmp_path)) as cache:
        cold = scan([str(target)], options=Options(workers=1, cache=cache))
    runner = Counting()
    with closing(store(tmp_path)) as cache:
        warm = scan([str(target)], options=Options(cache=cache), runner=runner)
    assert warm == cold
    assert runner.asked == []


def test_what_is_lost_is_done_again(tmp_path: Path) -> None:
    target = wheel(tmp_path, FILES)
    with closing(store(tmp_path)) as cache:
        cold = scan([str(target)], options=Options(workers=1, cache=cache))
    with closing(sqlite3.connect(cache.path, isolation_level=None)) as database:
        database.execute("DELETE FROM facts")
    with closing(store(tmp_path)) as cache:
        warm = scan([str(target)], options=Options(workers=1, cache=cache))
        assert warm == cold
        assert cache.counts()[Kind.FACTS] > 0


def test_contents_are_known_under_any_name(tmp_path: Path) -> None:
    first = site_dir(tmp_path / "a" / "site-packages", {"demo-1.0": FILES})
    second = site_dir(tmp_path / "b" / "site-packages", {"other-2.0": {"other/x.py": HOOK}})
    with closing(store(tmp_path)) as cache:
        scan([str(first)], options=Options(workers=1, cache=cache))
        before = cache.counts()
        report = scan([str(second)], options=Options(workers=1, cache=cache))
        after = cache.counts()
    assert (after[Kind.SKETCH], after[Kind.FACTS]) == (before[Kind.SKETCH], before[Kind.FACTS])
    assert [f.path for p in report.packages for f in p.findings] == ["other/x.py"]


def test_a_manifest_is_the_wheel(tmp_path: Path) -> None:
    target = wheel(tmp_path, FILES, metadata="Requires-Python: >=3.10\n")
    moved = tmp_path / "moved" / target.name
    moved.parent.mkdir()
    renamed = tmp_path / "moved" / "else-2.0-py3-none-any.whl"
    for copy in (moved, renamed):
        copy.write_bytes(target.read_bytes())
    with closing(store(tmp_path)) as cache, closing(store(tmp_path / "none")) as empty:
        cold = Wheels(cache).read(target, DEFAULT)
        assert Wheels(cache).read(target, DEFAULT) == cold
        assert cold.sha256 is not None
        assert Wheels(cache).known(cold.sha256, target) == cold
        elsewhere = Wheels(cache).known(cold.sha256, moved)
        assert elsewhere is not None
        assert elsewhere == Wheels(empty).read(moved, DEFAULT)
        assert Wheels(cache).known(cold.sha256, renamed) is None, "its name is part of what it claims"


def inline(data: bytes, line: int = 1) -> Item:
    return Item(Inline(data), line)


def test_a_startup_line_has_facts_of_its_own() -> None:
    sha = "0" * 64
    file = Item(FileRef("/site", ContainerKind.FOLDER, "x.py"), 1)
    assert len({facts_key(item, sha) for item in (file, inline(b"", 1), inline(b"", 2))}) == 3
    assert facts_key(file, sha) == bytes(32)


@pytest.mark.parametrize(
    "reason", [Reason.TOO_SLOW, Reason.OUT_OF_MEMORY, Reason.INTERNAL, Reason.WORKER_DIED]
)
def test_luck_is_not_kept(reason: Reason) -> None:
    assert not is_lasting(NotAnalysed(reason=reason, detail=""))


def test_searches_are_known_by_contents_and_names(tmp_path: Path) -> None:
    with closing(store(tmp_path)) as cache:
        contents = Contents(cache)
        contents.keep_search(["a" * 64, "b" * 64], ["x", "y"], {"x": (1,)})
        assert contents.search(["a" * 64, "b" * 64], ["x", "y"]) == {"x": (1,)}
        assert contents.search(["b" * 64, "a" * 64], ["x", "y"]) is None
        assert contents.search(["a" * 64, "b" * 64], ["x"]) is None
        assert contents.search(["a" * 64, "b" * 64], ["x y"]) is None


def test_sketches_come_back_whole(tmp_path: Path) -> None:
    answer = worker.inspect(Work.EXAMINE, inline(HOOK.encode()), HOOK.encode(), DEFAULT)
    assert answer.sketch is not None
    known = Known(answer.sketch, answer.is_wanted)
    with closing(store(tmp_path)) as cache:
        contents = Contents(cache)
        contents.keep_sketches([known])
        assert contents.sketches([answer.sketch.sha256, "f" * 64]) == {answer.sketch.sha256: known}


def test_facts_are_asked_for_by_content(tmp_path: Path) -> None:
    data = HOOK.encode()
    member = Member(stored="x.py", place="x.py", uv_place="x.py", size=len(data), source=Inline(data))
    with closing(store(tmp_path)) as cache:
        cold = Pool(InProcess(DEFAULT), store=cache).facts(member)
        key = facts_key(inline(data), hashlib.sha256(data).hexdigest())
        Contents(cache).keep_facts({key: msgspec.msgpack.encode(cold)})
        runner = Counting()
        assert Pool(runner, store=cache).facts(member) == cold
        assert runner.asked == []
