"""Requirements that a source states; the lists of real builds by setuptools are the measure."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.factories import sdist, tree
from tests.support.pythons import interpreters
from wheelwatch.archive import read_sdist
from wheelwatch.limits import DEFAULT
from wheelwatch.sources.index.stated import listed, stated


def test_sections_become_markers() -> None:
    text = b"one>=1\n\n[:python_version < '4']\ntwo\n\n[web]\nthree[x]\n"
    text += b"[web:os_name == 'nt']\nfour\n[a b]\nfive\n"
    assert list(listed(text)) == [
        "one>=1",
        "two ; (python_version < '4')",
        "three[x] ; extra == 'web'",
        "four ; (os_name == 'nt') and extra == 'web'",
        "five ; python_version < '0'",
    ]


def test_both_places_are_read_and_each_line_once(tmp_path: Path) -> None:
    files = {
        "setup.py": "",
        "app.egg-info/requires.txt": "lib\nmore\n",
        "tests/data/PKG-INFO": "Requires-Dist: not-this\n",
    }
    path = sdist(
        tmp_path, files, name="app", version="1.0", metadata="Requires-Dist: lib\nDynamic: requires-dist\n"
    )
    found = read_sdist(path, DEFAULT)
    assert found.requires is None
    assert stated(found, DEFAULT) == ("lib", "more")


@pytest.mark.executes
def test_as_setuptools_writes_it(tmp_path: Path) -> None:
    setup = (
        "from setuptools import setup\nsetup(name='app', version='1', py_modules=[], "
        "install_requires=['one>=1', 'two; python_version<\"4\"'], "
        "extras_require={'web': ['three'], 'win:os_name==\"nt\"': ['four']})\n"
    )
    place = tree(tmp_path / "app", {"setup.py": setup})
    for python in interpreters().values():
        command = [str(python), "setup.py", "-q", "egg_info"]
        if subprocess.run(command, cwd=place, check=False, capture_output=True).returncode == 0:
            break
    else:
        pytest.skip("no interpreter has setuptools")
    data = (place / "app.egg-info" / "requires.txt").read_bytes()
    assert sorted(row.replace(" ", "").replace('"', "'") for row in listed(data)) == [
        "four;(os_name=='nt')andextra=='win'",
        "one>=1",
        "three;extra=='web'",
        "two;(python_version<'4')",
    ]
