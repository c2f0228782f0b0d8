"""Targets to sets: archives together, each folder for itself, failures beside them."""

from pathlib import Path

from tests.support.factories import sdist, site_dir, tree, wheel
from wheelwatch.limits import DEFAULT
from wheelwatch.model import PackageKind
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


def test_a_collection_is_its_archives_each_with_its_path(tmp_path: Path) -> None:
    first = wheel(tmp_path, {"a.py": ""}, name="aa")
    second = sdist(tmp_path, {"b.py": ""}, name="bb")
    (tmp_path / "cc-1.0.tar.gz").write_bytes(b"broken")
    found = find([str(tmp_path)], as_=None, limits=DEFAULT)
    assert [d.location for d in found.sets[0].distributions] == [str(first), str(second)]
    assert [f.where for f in found.failures] == [str(tmp_path / "cc-1.0.tar.gz")]
    assert "collection" in found.notes[0]


def test_a_project_is_placed_as_installed(tmp_path: Path) -> None:
    tree(
        tmp_path,
        {
            "pyproject.toml": '[project]\nname = "demo"\nversion = "1.0"\n',
            "src/demo/a.py": "",
            "setup.py": "",
        },
    )
    tree(tmp_path, {".venv/pyvenv.cfg": "", ".venv/lib/x.py": "", ".mypy_cache/x.py": ""})
    found = find([str(tmp_path)], as_=None, limits=DEFAULT).sets[0].distributions
    assert [(d.name, d.version, d.kind) for d in found] == [("demo", "1.0", PackageKind.FOLDER)]
    assert {m.path for m in found[0].members} == {
        "{source}/pyproject.toml",
        "demo/a.py",
        "{source}/setup.py",
    }


def test_as_overrides_what_a_folder_looks_like(tmp_path: Path) -> None:
    tree(tmp_path, {"setup.py": "", "demo.py": ""})
    found = find([str(tmp_path)], as_="site", limits=DEFAULT)
    assert found.sets[0].distributions[0].kind is PackageKind.UNOWNED
    assert found.notes == (
        f"{tmp_path}: taken for a site directory",
        f"{tmp_path}: no distribution is installed here",
    )


def test_a_folder_without_anything_to_scan_is_no_set(tmp_path: Path) -> None:
    for files in ({}, {"README.txt": "x"}):
        found = find([str(tree(tmp_path / str(len(files)), files))], as_=None, limits=DEFAULT)
        assert (found.sets, found.failures) == ((), ())
        assert "nothing" in found.notes[-1]


def test_what_is_no_target_is_a_failure_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six\n")
    targets = [
        str(tmp_path / "requirements.txt"),
        str(tmp_path / "nul\0.whl"),
        "",
        str(tmp_path / "no.tar.gz"),
    ]
    found = find(targets, as_=None, limits=DEFAULT)
    assert found.failures[0].where == targets[0]
    assert len(found.failures) == 4
    assert all(f.hint for f in found.failures)
