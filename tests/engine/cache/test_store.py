"""The file of the cache: what is kept comes back unchanged or not at all, whatever became of the file."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wheelwatch.engine.cache import Kind, Store, place

KEYS = st.binary(min_size=32, max_size=32)
ROWS = st.dictionaries(KEYS, st.binary(max_size=5000), max_size=20)
EVERY_BYTE = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def store(folder: Path, limit: int = 1 << 24) -> Store:
    return Store(lambda: folder / "wheelwatch" / "facts-1-x.sqlite3", limit)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with closing(store(tmp_path)) as opened:
        yield opened


@given(ROWS, st.sampled_from(Kind))
@EVERY_BYTE
def test_what_is_kept_comes_back(tmp_path: Path, rows: dict[bytes, bytes], kind: Kind) -> None:
    with closing(store(tmp_path)) as first:
        first.put(kind, rows)
    with closing(store(tmp_path)) as second:
        assert second.get(kind, rows) == rows
        assert second.trouble == ""


def test_kinds_and_keys_do_not_mix(kept: Store) -> None:
    kept.put(Kind.FACTS, {b"a" * 32: b"facts"})
    kept.put(Kind.SKETCH, {b"a" * 32: b"sketch"})
    assert kept.get(Kind.FACTS, [b"a" * 32, b"b" * 32]) == {b"a" * 32: b"facts"}
    assert kept.get(Kind.WHEEL, [b"a" * 32]) == {}
    assert kept.counts() == dict.fromkeys(Kind, 0) | {Kind.FACTS: 1, Kind.SKETCH: 1}


SAMPLE = {bytes([number]) * 32: b"value %d " % number * (1 + number * 17) for number in range(40)}


def filled(folder: Path) -> Path:
    with closing(store(folder)) as opened:
        opened.put(Kind.FACTS, SAMPLE)
        opened.put(Kind.SKETCH, SAMPLE)
        assert opened.trouble == ""
        return opened.path


@given(data=st.data())
@EVERY_BYTE
def test_a_damaged_file_gives_nothing_or_the_truth(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = filled(tmp_path_factory.mktemp("cache"))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place_ = data.draw(st.integers(0, len(content) - 1))
        content[place_ : place_ + 8] = data.draw(st.binary(min_size=1, max_size=8))
    path.write_bytes(content)
    with closing(store(path.parents[1])) as opened:
        for kind in (Kind.FACTS, Kind.SKETCH):
            assert opened.get(kind, SAMPLE).items() <= SAMPLE.items()
            opened.put(kind, {b"n" * 32: b"new"})
        opened.trim()


@pytest.mark.parametrize("keep", [0, 1, 99, 100, 5000])
def test_a_cut_file_gives_nothing_or_the_truth(tmp_path: Path, keep: int) -> None:
    path = filled(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    with closing(store(tmp_path)) as opened:
        assert opened.get(Kind.FACTS, SAMPLE).items() <= SAMPLE.items()


def test_a_file_that_is_no_database_is_replaced_for_the_next_run(tmp_path: Path) -> None:
    path = filled(tmp_path)
    path.write_bytes(b"something else" * 1000)
    with closing(store(tmp_path)) as opened:
        assert opened.get(Kind.FACTS, SAMPLE) == {}
        assert "deleted" in opened.trouble
        opened.put(Kind.FACTS, SAMPLE)
        assert opened.get(Kind.FACTS, SAMPLE) == {}, "not used any more in this run"
    filled(tmp_path)
    with closing(store(tmp_path)) as opened:
        assert opened.get(Kind.FACTS, SAMPLE) == SAMPLE


def test_tables_of_another_form_end_its_use(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE facts")
        database.execute("CREATE TABLE facts (something TEXT)")
    with closing(store(tmp_path)) as opened:
        assert opened.get(Kind.FACTS, SAMPLE) == {}
        assert opened.trouble


def test_a_value_of_another_type_is_no_value(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE facts SET value = 'text' WHERE key = ?", [bytes(32)])
        database.execute("UPDATE facts SET value = 7, used = 'x' WHERE key = ?", [bytes([1]) * 32])
    with closing(store(tmp_path)) as opened:
        rest = dict(list(SAMPLE.items())[2:])
        assert opened.get(Kind.FACTS, SAMPLE) == rest
        assert opened.trouble == ""


def test_another_process_that_holds_the_lock_is_waited_for_and_then_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path)
    monkeypatch.setattr("wheelwatch.engine.cache.store.WAIT_SECONDS", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with closing(store(tmp_path)) as opened:
            assert opened.get(Kind.FACTS, SAMPLE) == SAMPLE, "readers do not wait for a writer"
            opened.put(Kind.FACTS, {b"n" * 32: b"new"})
            assert "locked" in opened.trouble
            assert opened.get(Kind.FACTS, SAMPLE) == {}
        other.execute("ROLLBACK")


def test_it_is_for_this_user_alone(tmp_path: Path) -> None:
    path = filled(tmp_path)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_into_which_others_may_write_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "wheelwatch").mkdir()
    (tmp_path / "wheelwatch").chmod(0o777)
    with closing(store(tmp_path)) as opened:
        opened.put(Kind.FACTS, SAMPLE)
        assert "others may write" in opened.trouble
    assert os.listdir(tmp_path / "wheelwatch") == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "wheelwatch").symlink_to(elsewhere)
    with closing(store(tmp_path)) as opened:
        opened.put(Kind.FACTS, SAMPLE)
        assert opened.trouble
    assert os.listdir(elsewhere) == []


def test_no_place_for_a_folder_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "wheelwatch").write_text("a file")
    with closing(store(tmp_path)) as opened:
        opened.put(Kind.FACTS, SAMPLE)
        assert opened.get(Kind.FACTS, SAMPLE) == {}
        assert opened.trouble


def numbered(begin: int, end: int, size: int = 8000) -> dict[bytes, bytes]:
    return {b"%032d" % number: bytes(size) for number in range(begin, end)}


def test_it_does_not_grow_beyond_its_limit(tmp_path: Path) -> None:
    limit = 1 << 19
    with closing(store(tmp_path, limit)) as opened:
        for number in range(200):
            opened.put(Kind.WHEEL, numbered(number, number + 1))
        assert opened.trouble == ""
        assert 0 < opened.counts()[Kind.WHEEL] < 66, "what does not fit is not kept"
        assert opened.get(Kind.WHEEL, numbered(0, 1)) == numbered(0, 1), "what is there can still be read"
    assert place.size(tmp_path / "wheelwatch" / "facts-1-x.sqlite3") <= limit


def test_the_oldest_use_goes_first(tmp_path: Path) -> None:
    limit = 1 << 19
    with closing(store(tmp_path, limit)) as opened:
        opened._today -= 3
        opened.put(Kind.FACTS, numbered(0, 30))
    with closing(store(tmp_path, limit)) as opened:
        opened.get(Kind.FACTS, numbered(0, 5))
        opened.put(Kind.FACTS, numbered(30, 58))
        opened.trim()
        left = opened.get(Kind.FACTS, numbered(0, 58)).keys()
    assert left >= numbered(0, 5).keys() | numbered(30, 58).keys(), "used or kept today"
    assert not left >= numbered(0, 30).keys()


def test_files_of_other_versions_go_when_there_is_no_room(tmp_path: Path) -> None:
    path = filled(tmp_path)
    other = path.with_name("facts-0-future.sqlite3")
    other.write_bytes(bytes(1 << 20))
    with closing(store(tmp_path)) as opened:
        opened.trim()
        assert other.exists()
    with closing(store(tmp_path, 1 << 20)) as opened:
        opened.trim()
        assert not other.exists()
        assert opened.get(Kind.FACTS, SAMPLE) == SAMPLE


@pytest.mark.processes
def test_many_processes_at_once(tmp_path: Path) -> None:
    children = []
    for number in range(6):
        child = os.fork()
        if not child:
            with closing(store(tmp_path)) as opened:
                for round_ in range(20):
                    opened.put(Kind.FACTS, {b"%032d" % (number * 100 + round_): b"%d" % round_})
                os._exit(1 if opened.trouble else 0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6
    with closing(store(tmp_path)) as opened:
        assert opened.counts()[Kind.FACTS] == 120
