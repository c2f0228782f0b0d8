"""Imports that ask a module's ``__getattr__`` or only look for a module: what runs is what is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.reach.sources import linked
from tests.support.factories import tree
from tests.support.pythons import interpreters
from wheelwatch.model import Trigger

pytestmark = pytest.mark.executes

VERSIONS = [version for version in ("3.8", "3.11", "3.13") if version in interpreters()]
SET = "sys.settrace(lambda *_: None)\n"
HOOK = f"import sys\n{SET}"
ASKED = f"import sys\n\ndef __getattr__(name):\n    {SET}    raise AttributeError(name)\n"
PACKAGE = {
    "pkg/__init__.py": ASKED,
    "pkg/sub.py": "x = 1\n",
    "pkg/inner/__init__.py": "from . import leaf\n",
}
PACKAGE["pkg/inner/leaf.py"] = "y = 2\n"
FOUND = {"pkg/__init__.py": "", "pkg/sub.py": HOOK, "top.py": HOOK}
LOOK = "import importlib.util\n"
CASES = {
    "a submodule by from": ("from pkg import sub\n", PACKAGE, True),
    "a submodule by from, under another name": ("from pkg import sub as other\n", PACKAGE, True),
    "a package by from": ("from pkg import inner\n", PACKAGE, True),
    "a name that nobody has": (
        "try:\n    from pkg import nothing\nexcept ImportError:\n    pass\n",
        PACKAGE,
        True,
    ),
    "a submodule by import": ("import pkg.sub\n", PACKAGE, False),
    "a submodule by import, under another name": ("import pkg.sub as other\n", PACKAGE, False),
    "a name of a submodule": ("from pkg.sub import x\n", PACKAGE, False),
    "a submodule of a submodule": ("from pkg.inner import leaf\n", PACKAGE, False),
    "a submodule by its text": ("import importlib\nimportlib.import_module('pkg.sub')\n", PACKAGE, False),
    "an attribute of what was imported": (
        "import pkg\ngetattr(pkg, 'sub', None)\npkg.far()\n",
        PACKAGE,
        True,
    ),
    "a look for a module": (LOOK + "IS = importlib.util.find_spec('top') is not None\n", FOUND, False),
    "a look for a submodule": (LOOK + "IS = importlib.util.find_spec('pkg.sub') is None\n", FOUND, False),
    "a look that runs the package": (
        LOOK + "IS = importlib.util.find_spec('pkg.sub') is not None\n",
        {"pkg/__init__.py": HOOK, "pkg/sub.py": ""},
        True,
    ),
    "what was found is kept and run": (
        LOOK + "if (spec := importlib.util.find_spec('top')) is not None:\n"
        "    module = importlib.util.module_from_spec(spec)\n    spec.loader.exec_module(module)\n",
        FOUND,
        True,
    ),
    "what was found is looked for once more and run": (
        LOOK + "if importlib.util.find_spec('top') is not None:\n"
        "    importlib.util.find_spec('top').loader.load_module('top')\n",
        FOUND,
        True,
    ),
}
DRIVER = (
    "import site, sys\nheard = []\n"
    "sys.addaudithook(lambda event, _: heard.append(event) if event == 'sys.settrace' else None)\n"
    "site.addsitedir(sys.argv[1])\nsys.settrace(None)\nprint(len(heard) - 1)\n"
)


@pytest.mark.parametrize("name", CASES)
def test_what_runs_is_what_is_told(tmp_path: Path, name: str) -> None:
    boot, around, is_run = CASES[name]
    files = {"zz.pth": "import boot\n", "boot.py": boot, **around}
    tree(tmp_path, files)
    for version in VERSIONS:
        done = subprocess.run(
            [str(interpreters()[version]), "-I", "-S", "-B", "-c", DRIVER, str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert (int(done.stdout) > 0) is is_run, (version, done)
    found = [one for package in linked({"demo": files}) for one in package.sites]
    started = [one for one in found if one.site.api == "sys.settrace" and one.trigger is Trigger.STARTUP]
    assert bool(started) is is_run, [(one.trigger, one.chain) for one in found]


def test_there_are_interpreters() -> None:
    assert VERSIONS, sys.version
