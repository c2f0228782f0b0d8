"""A wheel, installed by the real commands, is read again as an environment: same places, same owner."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.factories import wheel
from wheelwatch.archive import read_wheel
from wheelwatch.limits import DEFAULT
from wheelwatch.model import PackageKind
from wheelwatch.sources import find

pytestmark = pytest.mark.executes

OFFLINE = ("--no-deps", "--no-index", "--quiet")
PIP = (sys.executable, "-I", "-m", "pip", "install", "--disable-pip-version-check", *OFFLINE)
UV = (str(Path(sys.executable).parent / "uv"), "pip", "install", "--no-cache", "--no-config", *OFFLINE)

FILES = {
    "demo/__init__.py": "x = 1\n",
    "demo.pth": "import demo\n",
    "sitecustomize.py": "y = 2\n",
    "w/../detour.py": "z = 3\n",
    "demo-1.0.data/purelib/pure.py": "p = 4\n",
    "demo-1.0.data/scripts/tool": "#!python\nprint()\n",
    "demo-1.0.data/data/etc/jupyter/x.json": "{}\n",
    "demo-1.0.dist-info/entry_points.txt": "[pytest11]\ndemo = demo:x\n",
}


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_what_was_installed_is_read_again(installer: str, tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    path = wheel(tmp_path, FILES)
    extra = ("--prefix", str(prefix), str(path))
    if installer == "uv" and not Path(UV[0]).exists():
        pytest.skip("uv is not installed beside this interpreter")
    run(*(PIP if installer == "pip" else (*UV, "--python", sys.executable)), *extra)
    found = find([str(prefix)], as_=None, limits=DEFAULT).sets[0]
    installed = {row.name: row for row in found.distributions}["demo"]
    predicted = {m.place if installer == "pip" else m.uv_place for m in read_wheel(path, DEFAULT).members}
    assert predicted <= {m.place for m in installed.members}
    assert installed.issues == ()
    assert installed.entry_points == read_wheel(path, DEFAULT).entry_points
    assert installed.pythons == (f"3.{sys.version_info.minor}",)
    unowned = [m.path for d in found.distributions if d.kind is PackageKind.UNOWNED for m in d.members]
    assert unowned == []


def test_what_is_changed_afterwards_is_named(tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    run(*PIP, "--prefix", str(prefix), str(wheel(tmp_path, FILES)))
    site = next(prefix.glob("lib/python3*/site-packages"))
    (site / "demo.pth").write_text("import os\n")
    (site / "zz.pth").write_text("import os\n")
    (site / "demo/extra.py").write_text("")
    (prefix / "bin/tool").write_text("#!/bin/sh\n")
    (prefix / "bin/python._pth").write_text(".\n")
    found = find([str(prefix)], as_=None, limits=DEFAULT).sets[0]
    issues = {(i.issue, i.path) for d in found.distributions for i in d.issues}
    assert issues == {
        ("record-hash", "demo.pth"),
        ("record-hash", "{prefix}/bin/tool"),
        ("record-unlisted", "demo/extra.py"),
    }
    unowned = {m.path for d in found.distributions if d.kind is PackageKind.UNOWNED for m in d.members}
    assert unowned == {"zz.pth", "demo/extra.py", "{prefix}/bin/python._pth"}
