"""What a folder is, in the order of the command line's promise."""

from pathlib import Path

import pytest

from tests.support.factories import site_dir, tree, wheel
from wheelwatch.sources.kind import FolderKind, kind_of


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"pyvenv.cfg": "home = /nowhere\n"}, FolderKind.ENVIRONMENT),
        ({"lib/python3.12/site-packages/a.py": ""}, FolderKind.ENVIRONMENT),
        ({"Lib/site-packages/a.py": ""}, FolderKind.ENVIRONMENT),
        ({"lib/python3/dist-packages/a.py": ""}, FolderKind.ENVIRONMENT),
        ({"demo-1.0.dist-info/METADATA": "", "setup.py": ""}, FolderKind.SITE),
        ({"demo-1.0.egg-info/PKG-INFO": ""}, FolderKind.SITE),
        ({"demo-1.0-py3.8.egg-info": ""}, FolderKind.SITE),
        ({"demo.egg-info/PKG-INFO": "", "setup.py": ""}, FolderKind.PROJECT),
        ({"demo.egg-info/PKG-INFO": ""}, FolderKind.SITE),
        ({"pyproject.toml": "", "x.py": ""}, FolderKind.PROJECT),
        ({"PKG-INFO": ""}, FolderKind.PROJECT),
        ({"setup.py": ""}, FolderKind.PROJECT),
        ({"a-1.0.tar.gz": "", "b-1.0.zip": "", "b-1.0.zip.asc": ""}, FolderKind.COLLECTION),
        ({"a-1.0.tar.gz": "", "x.py": ""}, FolderKind.FOLDER),
        ({"x.py": ""}, FolderKind.FOLDER),
        ({}, FolderKind.FOLDER),
    ],
)
def test_a_folder_is_what_stands_in_it(tmp_path: Path, files: dict[str, str], kind: FolderKind) -> None:
    assert kind_of(str(tree(tmp_path / "x", files))) is kind


@pytest.mark.parametrize("name", ["site-packages", "dist-packages"])
def test_a_site_directory_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    assert kind_of(str(tree(tmp_path / name, {"x.py": ""}))) is FolderKind.SITE


def test_wheels_are_a_collection(tmp_path: Path) -> None:
    wheel(tmp_path, {"a.py": ""})
    assert kind_of(str(tmp_path)) is FolderKind.COLLECTION


def test_an_installed_tree_is_a_site_directory(tmp_path: Path) -> None:
    assert kind_of(str(site_dir(tmp_path, {"demo-1.0": {"demo.py": ""}}))) is FolderKind.SITE


def test_every_kind_has_a_noun() -> None:
    assert all(kind.noun for kind in FolderKind)
