"""Targets to sets: archives together, each folder for itself, failures beside them."""

from pathlib import Path

from tests.support.factories import site_dir, wheel
from wheelwatch.limits import DEFAULT
from wheelwatch.sources import find


def test_archives_are_one_set_folders_are_sets_and_failures_do_not_stop(tmp_path: Path) -> None:
    first = wheel(tmp_path, {"a.py": ""}, name="aa")
    second = wheel(tmp_path, {"b.py": ""}, name="bb")
    folder = site_dir(tmp_path / "site-packages", {"demo-1.0": {"demo.py": ""}})
    found = find([str(first), str(folder), str(tmp_path / "no"), str(second)], as_=None, limits=DEFAULT)
    names = [[d.name for d in s.distributions] for s in found.sets]
    assert names == [["aa", "bb"], ["demo"]]
    assert found.sets[1].roots == (str(folder),)
    assert [f.where for f in found.failures] == [str(tmp_path / "no")]
    assert found.failures[0].hint
