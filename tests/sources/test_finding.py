"""Targets to sets: archives together, each folder for itself, failures beside them."""

from pathlib import Path

import pytest

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
    tree(
        tmp_path,
        {".venv/pyvenv.cfg": "", ".venv/bin/python": "", ".venv/lib/x.py": "", ".mypy_cache/x.py": ""},
    )
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


@pytest.mark.parametrize("beside", ["README.md", "requirements.txt", "linux/notes.txt", "x.py"])
@pytest.mark.parametrize("place", ["", "linux"])
def test_wheels_with_something_beside_them_are_judged(tmp_path: Path, beside: str, place: str) -> None:
    wheel(tmp_path / place, {"demo.py": ""})
    tree(tmp_path, {beside: "", "data.tar.gz": ""})
    found = find([str(tmp_path)], as_=None, limits=DEFAULT)
    assert [d.name for d in found.sets[0].distributions] == ["demo"]
    assert len(found.sets) == (2 if beside == "x.py" else 1)
    assert not found.failures


@pytest.mark.parametrize(
    ("files", "member"),
    [
        ({"zz.pth": ""}, "zz.pth"),
        ({"demo/__init__.py": ""}, "demo/__init__.py"),
        ({"setup.py": "", "src/demo/__init__.py": ""}, "demo/__init__.py"),
        ({"demo-1.0.dist-info/METADATA": "", "demo.py": ""}, "demo.py"),
    ],
)
@pytest.mark.parametrize("mark", ["pyvenv.cfg", "lib/python3.12/site-packages/x.txt"])
def test_a_planted_mark_of_an_environment_hides_nothing(
    tmp_path: Path, files: dict[str, str], member: str, mark: str
) -> None:
    found = find([str(tree(tmp_path, {**files, mark: ""}))], as_=None, limits=DEFAULT)
    assert member in {m.path for row in found.sets for d in row.distributions for m in d.members}


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta/history"])
def test_a_package_with_the_mark_of_an_environment_is_part_of_its_project(
    tmp_path: Path, mark: str
) -> None:
    tree(tmp_path, {"setup.py": "", "demo/__init__.py": "", f"demo/{mark}": "", "demo/bin/python": ""})
    (found,) = find([str(tmp_path)], as_=None, limits=DEFAULT).sets[0].distributions
    assert "demo/__init__.py" in {m.path for m in found.members}


@pytest.mark.parametrize("target", ["", "https://example.org/demo-1.0-py3-none-any.whl"])
def test_what_is_no_path_is_named_as_it_was_given(target: str) -> None:
    (failure,) = find([target], as_=None, limits=DEFAULT).failures
    assert failure.where == (target or "target")
    assert "on this disk" in failure.hint
