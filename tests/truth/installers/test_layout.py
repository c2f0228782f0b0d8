"""Site directories in the order of ``sys.path``, compared with what real interpreters say of themselves."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.pythons import interpreters
from wheelwatch.limits import DEFAULT
from wheelwatch.model import TargetSet
from wheelwatch.sources import find

pytestmark = pytest.mark.executes

PYTHONS = interpreters()
ASK = "import json, sys; print(json.dumps(sys.path))"


def sys_path(python: Path, user_base: Path) -> list[str]:
    environment = {"PYTHONUSERBASE": str(user_base), "PATH": os.defpath}
    done = subprocess.run(
        [str(python), "-c", ASK], capture_output=True, text=True, env=environment, timeout=300, check=True
    )
    return [str(path) for path in json.loads(done.stdout)]


def sites(paths: list[str]) -> list[str]:
    return [path for path in paths if path.endswith(("/site-packages", "/dist-packages"))]


def one(target: Path) -> TargetSet:
    found = find([str(target)], as_=None, limits=DEFAULT)
    assert not found.failures
    return found.sets[0]


@pytest.mark.parametrize("option", ["--without-pip", "--system-site-packages"])
@pytest.mark.parametrize("version", PYTHONS)
def test_the_site_directories_of_a_virtual_environment(
    version: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env, user = tmp_path / "env", tmp_path / "user"
    (user / f"lib/python{version}/site-packages").mkdir(parents=True)
    command = [str(PYTHONS[version]), "-m", "venv", "--without-pip", option, str(env)]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    monkeypatch.setattr("site.getuserbase", lambda: str(user))
    monkeypatch.setattr("sys.base_prefix", str(PYTHONS[version].parents[1]))
    found = one(env)
    assert list(found.site_roots) == sites(sys_path(env / "bin/python", user))
    assert {row.pythons for row in found.distributions} == {(version,)}


@pytest.mark.parametrize("version", PYTHONS)
def test_the_site_directories_of_an_interpreter(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("site.getuserbase", lambda: str(tmp_path))
    real = sys_path(PYTHONS[version], tmp_path)
    found = one(PYTHONS[version])
    assert list(found.site_roots) == sites(real)
    assert found.roots[0] in real
