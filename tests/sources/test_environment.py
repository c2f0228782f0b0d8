"""Environments: their site directories in order, their Pythons, their prefix files; nothing is started."""

import os
import sys
from pathlib import Path

import pytest

from tests.support.factories import site_dir, tree
from wheelwatch.limits import DEFAULT
from wheelwatch.model import SUPPORTED_PYTHONS, Distribution, PackageKind, TargetSet
from wheelwatch.sources import find


def one(target: Path) -> TargetSet:
    found = find([str(target)], as_=None, limits=DEFAULT)
    assert not found.failures
    assert len(found.sets) == 1
    return found.sets[0]


def named(found: TargetSet) -> dict[str, Distribution]:
    return {row.name: row for row in found.distributions}


def venv(folder: Path, version: str = "3.12", *, extra: str = "") -> Path:
    """The layout of a virtual environment."""
    tree(folder, {"pyvenv.cfg": f"home = {folder}-base/bin\nversion = {version}.1\n{extra}"})
    tree(folder, {"bin/activate": "# shell\n", "bin/python": b"\x7fELF", "bin/tool": "#!python\n"})
    site_dir(folder / f"lib/python{version}/site-packages", {"demo-1.0": {"demo.py": "x = 1\n"}})
    return folder


def test_a_virtual_environment(tmp_path: Path) -> None:
    found = one(venv(tmp_path / "env"))
    root = str(tmp_path / "env/lib/python3.12/site-packages")
    assert (found.roots, found.site_roots, found.is_own) == ((root,), (root,), False)
    assert {row.pythons for row in found.distributions} == {("3.12",)}
    assert {row.location for row in found.distributions} == {str(tmp_path / "env")}
    unowned = named(found)["site-packages"]
    assert {m.path for m in unowned.members} == {
        "{prefix}/pyvenv.cfg",
        "{prefix}/bin/activate",
        "{prefix}/bin/tool",
    }


@pytest.mark.parametrize(
    "settings", ["version_info = 3.9.18.final.0\n", "version = 3.9.18\n", "VERSION=3.9\n"]
)
def test_pyvenv_cfg_tells_the_version(tmp_path: Path, settings: str) -> None:
    tree(tmp_path, {"pyvenv.cfg": settings, "Lib/site-packages/a.py": ""})
    assert one(tmp_path).distributions[0].pythons == ("3.9",)


@pytest.mark.parametrize(
    ("path", "pythons"),
    [
        ("lib/python3.9/site-packages", ("3.9",)),
        ("lib/python3.13t/site-packages", ("3.13",)),
        ("plain/site-packages", SUPPORTED_PYTHONS),
        ("lib/python3.7/site-packages", SUPPORTED_PYTHONS),
    ],
)
def test_a_path_tells_the_version(tmp_path: Path, path: str, pythons: tuple[str, ...]) -> None:
    root = site_dir(tmp_path / path, {"demo-1.0": {"demo.py": ""}})
    assert one(root).distributions[0].pythons == pythons


def test_system_site_packages_come_behind_when_they_are_switched_on(tmp_path: Path) -> None:
    base = tmp_path / "env-base"
    tree(base / "lib/python3.12", {"os.py": "", "sitecustomize.py": "x = 1\n", "other.py": ""})
    site_dir(base / "lib/python3.12/site-packages", {"system-2.0": {"system.py": ""}})
    off = one(venv(tmp_path / "env"))
    assert "system" not in named(off)
    on = one(venv(tmp_path / "env", extra="include-system-site-packages = true\n"))
    assert [os.path.relpath(root, tmp_path) for root in on.roots] == [
        "env-base/lib/python3.12",
        "env/lib/python3.12/site-packages",
        "env-base/lib/python3.12/site-packages",
    ]
    assert on.site_roots == on.roots[1:]
    assert named(on)["system"].root == on.roots[2]
    assert [m.path for m in named(on)["python3.12"].members] == ["sitecustomize.py"]


def test_each_python_of_a_prefix_is_a_set_of_its_own(tmp_path: Path) -> None:
    for version in ("3.9", "3.11"):
        site_dir(tmp_path / f"lib/python{version}/site-packages", {"demo-1.0": {"demo.py": ""}})
    found = find([str(tmp_path)], as_=None, limits=DEFAULT)
    assert [row.distributions[0].pythons for row in found.sets] == [("3.11",), ("3.9",)]
    assert [row.label.rpartition(" (")[2] for row in found.sets] == ["Python 3.11)", "Python 3.9)"]


def test_debian_keeps_its_own_folders_and_lists(tmp_path: Path) -> None:
    shared = tmp_path / "usr/lib/python3/dist-packages"
    tree(
        shared,
        {
            "demo.py": "x = 1\n",
            "demo-1.0.egg-info": "Name: demo\nVersion: 1.0\n",
            "demo.pth": "",
            "zz.pth": "",
        },
    )
    tree(tmp_path / "usr/lib/python3.11", {"os.py": "", "sitecustomize.py": ""})
    site_dir(tmp_path / "usr/local/lib/python3.11/dist-packages", {"mine-1.0": {"mine.py": ""}})
    listed = "/usr/lib/python3/dist-packages/"
    names = ("demo.py", "demo-1.0.egg-info", "demo.pth")
    tree(
        tmp_path / "var/lib/dpkg/info",
        {
            "python3-demo.list": "".join(f"{listed}{name}\n" for name in names),
            "libpython3.11-minimal:amd64.list": "/usr/lib/python3.11/sitecustomize.py\n",
        },
    )
    found = one(tmp_path / "usr")
    assert [os.path.relpath(root, tmp_path) for root in found.roots] == [
        "usr/lib/python3.11",
        "usr/local/lib/python3.11/dist-packages",
        "usr/lib/python3/dist-packages",
    ]
    assert {m.path for m in named(found)["demo"].members} == set(names)
    assert named(found)["libpython3.11-minimal"].kind is PackageKind.INSTALLED
    assert [m.path for m in named(found)["dist-packages"].members] == ["zz.pth"]


def test_conda_lists_files_that_no_record_has(tmp_path: Path) -> None:
    site = "lib/python3.11/site-packages"
    tree(tmp_path, {f"{site}/tool.pth": "", f"{site}/README.txt": "", f"{site}/evil.pth": ""})
    site_dir(tmp_path / site, {"tool-1.0": {"tool.py": ""}})
    files = f'["{site}/tool.pth", "{site}/tool.py"]'
    tree(
        tmp_path / "conda-meta",
        {"tool-1.0-0.json": f'{{"name": "tool", "version": "1.0", "files": {files}}}'},
    )
    tree(
        tmp_path / "conda-meta",
        {"bad.json": "[" * 100_000, "odd.json": "[1]", "none.json": '{"files": [1]}'},
    )
    found = named(one(tmp_path))
    assert "tool.pth" in {m.path for m in found["tool"].members}
    assert {m.path for m in found["site-packages"].members} == {"README.txt", "evil.pth"}


def test_files_of_the_prefix_that_startup_cares_about(tmp_path: Path) -> None:
    env = venv(tmp_path / "env")
    wanted = [
        "bin/python._pth",
        "pip.conf",
        "etc/ipython/startup/x.py",
        "share/jupyter/kernels/k/kernel.json",
    ]
    tree(env, {**dict.fromkeys(wanted, "x"), "lib/python312.zip": "no zip", "share/other/x.py": ""})
    members = {m.path for m in named(one(env))["site-packages"].members}
    assert {"{prefix}/" + path for path in (*wanted, "lib/python312.zip")} <= members
    assert "{prefix}/share/other/x.py" not in members


def test_a_base_installation_gives_only_the_scripts_of_the_interpreter(tmp_path: Path) -> None:
    site_dir(tmp_path / "lib/python3.12/site-packages", {"demo-1.0": {"demo.py": ""}})
    tree(tmp_path / "bin", {"pip": "#!python\n", "perl": "#!perl\n", "python3.12": b"\x7fELF"})
    assert [m.path for m in named(one(tmp_path))["site-packages"].members] == ["{prefix}/bin/pip"]


def test_an_interpreter_stands_for_its_environment(tmp_path: Path) -> None:
    env = venv(tmp_path / "env")
    found = find([str(env / "bin/python")], as_=None, limits=DEFAULT)
    assert "demo" in named(found.sets[0])
    assert any(str(env) in note for note in found.notes)


def test_the_environment_that_runs_wheelwatch_is_said_to_have_started(tmp_path: Path) -> None:
    found = find([sys.prefix], as_=None, limits=DEFAULT)
    assert found.sets[0].is_own
    assert any("has run before" in note for note in found.notes)


def test_an_empty_environment_is_a_set_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "site-packages").mkdir()
    found = find([str(tmp_path / "site-packages")], as_=None, limits=DEFAULT)
    assert [row.distributions for row in found.sets] == [()]
    assert any("no distribution" in note for note in found.notes)
