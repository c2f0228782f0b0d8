"""Fetched files by their content, within bounds."""

from __future__ import annotations

import os
from pathlib import Path

from wheelwatch.sources.index.shelf import Shelf


def put(shelf: Shelf, digest: str, size: int, age: int) -> Path:
    fresh = Path(shelf.fresh())
    fresh.write_bytes(b"x" * size)
    place = Path(shelf.keep(str(fresh), digest, "a-1-py3-none-any.whl"))
    os.utime(place, (1_000_000 - age, 1_000_000 - age))
    return place


def test_what_is_kept_is_found_by_content_and_name(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path / "files"))
    place = put(shelf, "ab" * 32, 10, 0)
    assert shelf.find("ab" * 32, "a-1-py3-none-any.whl") == str(place)
    assert shelf.find("ab" * 32, "b-1-py3-none-any.whl") == ""
    assert shelf.find("cd" * 32, "a-1-py3-none-any.whl") == ""
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path / "files"))
    old, middle, young = (
        put(shelf, digit * 64, 100, age) for digit, age in (("1", 30), ("2", 20), ("3", 10))
    )
    shelf.find("1" * 64, old.name)
    shelf.trim(200)
    assert [path.exists() for path in (old, middle, young)] == [True, False, True]
    shelf.trim(0)
    assert [path.exists() for path in (old, young)] == [False, False]


def test_what_a_run_left_half_done_goes_after_a_day(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path / "files"))
    left, fresh = Path(shelf.fresh()), Path(shelf.fresh())
    os.utime(left, (1, 1))
    shelf.trim(10**9)
    assert [left.exists(), fresh.exists()] == [False, True]


def test_without_a_place_it_ends_with_the_run() -> None:
    with Shelf() as shelf:
        place = put(shelf, "1" * 64, 10, 0)
        assert place.exists()
    assert not shelf.root.exists()
