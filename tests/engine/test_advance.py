"""How far an examination is: packages are done when their last file is."""

from __future__ import annotations

from wheelwatch.engine.advance import Advance, Meter


def told(owners: list[str], known: int, done: int) -> Advance:
    seen: list[Advance] = []
    Meter(owners, known, seen.append)(done, len(owners) - known)
    (advance,) = seen
    return advance


def test_packages_are_counted_in_the_order_of_their_files() -> None:
    owners = ["a", "a", "b", "c", "c"]
    rows = [told(owners, 0, done) for done in range(6)]
    assert [row.packages for row in rows] == [0, 0, 1, 2, 2, 3]
    assert [row.current for row in rows] == ["a", "a", "b", "c", "c", ""]
    assert {(row.of_packages, row.of_files) for row in rows} == {(3, 5)}


def test_what_is_known_counts_as_done() -> None:
    advance = told(["a", "b", "b"], 1, 1)
    assert (advance.files, advance.packages, advance.current) == (2, 1, "b")


def test_nothing_at_all_is_done() -> None:
    assert told([], 0, 0) == Advance(files=0, of_files=0, packages=0, of_packages=0, current="")
