"""What a build executes, by configuration alone; real builds say the same in tests/truth/hosted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.factories import sdist, tree
from wheelwatch.archive.checkout import read_project
from wheelwatch.archive.sdist import read_sdist
from wheelwatch.limits import DEFAULT
from wheelwatch.model import BuildRoot, Distribution

BACKEND = '[build-system]\nrequires = []\nbuild-backend = "own.inner:hooks"\nbackend-path = ["tools"]\n'


def folder(place: Path, files: dict[str, str]) -> Distribution:
    return read_project(str(tree(place, files)), "demo", DEFAULT)


def roots(place: Path, files: dict[str, str]) -> tuple[BuildRoot, ...]:
    return folder(place, files).build


def paths(place: Path, files: dict[str, str]) -> list[str]:
    return [root.path for root in roots(place, files)]


def test_a_backend_of_the_tree_with_the_packages_around_it(tmp_path: Path) -> None:
    files = {"pyproject.toml": BACKEND, "tools/own/__init__.py": "", "tools/own/inner.py": ""}
    first, second = roots(tmp_path, files)
    assert (first.path, first.calls) == ("{source}/tools/own/__init__.py", ())
    assert second.path == "{source}/tools/own/inner.py"
    assert "hooks.build_wheel" in second.calls
    assert (second.by, second.line) == ("{source}/pyproject.toml", 3)
    assert second.what == 'build-backend = "own.inner:hooks"'


def test_an_sdist_says_the_same_below_its_folder(tmp_path: Path) -> None:
    files = {"pyproject.toml": BACKEND, "tools/own/__init__.py": "", "tools/own/inner.py": ""}
    found = read_sdist(sdist(tmp_path, files), DEFAULT)
    assert [root.path for root in found.build] == [
        "{source}/demo-1.0/tools/own/__init__.py",
        "{source}/demo-1.0/tools/own/inner.py",
    ]
    assert {root.by for root in found.build} == {"{source}/demo-1.0/pyproject.toml"}
    assert found.build_folders == ("", "tools/")


def test_setup_is_a_script_whatever_the_backend(tmp_path: Path) -> None:
    (root,) = roots(tmp_path, {"setup.py": "", "build.py": "", "hatch_build.py": ""})
    assert root == BuildRoot(path="{source}/setup.py", is_main=True)


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ("[tool.hatch.build.hooks.custom]", "hatch_build.py"),
        ('[tool.hatch.build.targets.wheel.hooks.custom]\npath = "a.py"', "a.py"),
        ("[tool.hatch.build.targets.custom]", "hatch_build.py"),
        ("[tool.hatch.metadata.hooks.custom]", "hatch_build.py"),
        ('[tool.hatch.version]\nsource = "code"\npath = "a.py"', "a.py"),
        ('[tool.poetry.build]\nscript = "a.py"', "a.py"),
        ('[tool.poetry]\nbuild = "a.py"', "a.py"),
        ('[build-system]\nbuild-backend = "pdm.backend"', "pdm_build.py"),
        ('[build-system]\nbuild-backend = "pdm.backend"\n[tool.pdm.build]\ncustom-hook = "a.py"', "a.py"),
        ('[tool.setuptools.cmdclass]\nbuild_py = "a.Build"', "a.py"),
    ],
)
def test_what_tools_take_from_the_tree(table: str, path: str, tmp_path: Path) -> None:
    files = {"pyproject.toml": table, "a.py": "", "hatch_build.py": "", "pdm_build.py": ""}
    found = {root.path.removeprefix("{source}/") for root in roots(tmp_path, files)}
    assert found == {path}


@pytest.mark.parametrize(
    "table",
    [
        '[build-system]\nbuild-backend = "a"',
        '[build-system]\nbuild-backend = 1\nbackend-path = ["."]',
        '[build-system]\nbuild-backend = "gone"\nbackend-path = ["."]',
        '[build-system]\nbuild-backend = "a"\nbackend-path = ["../elsewhere", "/"]',
        '[tool.hatch.build]\nhooks = "custom"',
        "[tool.hatch.build.hooks.custom]\npath = 1",
        '[tool.hatch.build.hooks.custom]\npath = "../a.py"',
        '[tool.poetry]\nbuild = ["a.py"]',
        '[tool.hatch.version]\nsource = "regex"\npath = "a.py"',
    ],
)
def test_what_no_build_executes(table: str, tmp_path: Path) -> None:
    assert paths(tmp_path, {"pyproject.toml": table, "a.py": ""}) == []


def test_where_the_configuration_cannot_be_read_names_decide(tmp_path: Path) -> None:
    files = {"pyproject.toml": "[", "setup.py": "", "hatch_build.py": "", "backend/a.py": "", "a.py": ""}
    assert paths(tmp_path, files) == [
        "{source}/backend/a.py",
        "{source}/hatch_build.py",
        "{source}/setup.py",
    ]


PLAIN = '[project]\nname = "demo"\n'
CFG = "[options]\ncmdclass =\n    build_py = own.commands.Build\n    upload = own.commands.Send\n"


def test_commands_that_setup_cfg_names_also_below_src(tmp_path: Path) -> None:
    for number, file in enumerate(("own/commands.py", "src/own/commands.py")):
        first, second = roots(tmp_path / str(number), {"setup.cfg": CFG, "pyproject.toml": PLAIN, file: ""})
        assert first.path == second.path
        assert file.endswith(first.path.removeprefix("{source}/"))
        assert (first.by, first.line, first.what) == (
            "{source}/setup.cfg",
            3,
            "build_py = own.commands.Build",
        )
        assert "Build.run" in first.calls
        assert second.calls == ()


@pytest.mark.parametrize(
    "text", ["[options\n", "cmdclass", "[options]\ncmdclass\n", "[options]\n[options]\n\0"]
)
def test_a_setup_cfg_that_is_none_names_nothing(text: str, tmp_path: Path) -> None:
    assert roots(tmp_path, {"setup.cfg": text, "pyproject.toml": PLAIN, "own/commands.py": ""}) == ()
