"""Environments as their tools leave them, each small, offline, and ready for an interpreter to start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.factories import site_dir, tree, wheel

PIP = (sys.executable, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--quiet")
OFFLINE = ("--no-deps", "--no-index", "--no-compile")

ALPHA = {
    "alpha.pth": "import alpha.boot\n",
    "alpha/__init__.py": "",
    "alpha/boot.py": "import alpha.deep\n",
    "alpha/deep.py": "x = 1\n",
    "alpha/idle.py": "y = 2\n",
}
BETA = {
    "beta.pth": "# beta\nbeta_extra\nimport sys; from beta import hook; hook.go()\nimport alpha.deep\n",
    "beta/__init__.py": "",
    "beta/hook.py": "def go():\n    import beta.late\n",
    "beta/late.py": "z = 3\n",
    "beta_extra/sitecustomize.py": "import beta_more\n",
    "beta_extra/beta_more.py": "w = 4\n",
}
FINDER = {
    "__editable__.flat-1.0.pth": "import __editable___flat_1_0_finder; "
    "__editable___flat_1_0_finder.install()\n",
    "__editable___flat_1_0_finder.py": "import sys\n\n\nclass Finder:\n"
    "    @classmethod\n    def find_spec(cls, name, path=None, target=None):\n        return None\n\n\n"
    "def install():\n    sys.meta_path.append(Finder)\n",
}
"""The form that setuptools gives an editable install whose folder cannot be put on the path."""

STRAY = {"zz.pth": "missing-folder\nimport os\nimport sys;import stray\n", "stray.py": "s = 5\n"}


@dataclass(frozen=True)
class Made:
    """An environment: what wheelwatch is given, and how its interpreter is started with ``-S``."""

    target: Path
    command: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


Layout = Callable[[Path, Path, str, "Stock"], Made]
"""Makes one in a folder, for an interpreter of a version."""


@dataclass(frozen=True)
class Stock:
    """What was installed once by the real tools, to be copied: site directories by what they hold."""

    wheels: Path
    hatchling: Path
    setuptools: Path


def stock(folder: Path) -> Stock:
    """Install wheels and editable projects with pip, each kind into a folder of its own."""
    made = [
        wheel(folder / "wheels", files, name=name) for name, files in (("alpha", ALPHA), ("beta", BETA))
    ]
    return Stock(
        wheels=_installed(folder / "site", made),
        hatchling=_installed(folder / "hatchling", [_editable(folder)]),
        setuptools=_installed(folder / "setuptools", [wheel(folder / "flat", FINDER, name="flat")]),
    )


def _installed(site: Path, wheels: list[Path]) -> Path:
    _run(*PIP, *OFFLINE, "--target", str(site), *map(str, wheels))
    return site


def _editable(folder: Path) -> Path:
    """The wheel that hatchling makes of a project for an editable install."""
    text = (
        "[build-system]\nrequires = []\nbuild-backend = 'hatchling.build'\n"
        "[project]\nname = 'hatched'\nversion = '1.0'\n[tool.hatch.build]\ndev-mode-dirs = ['src']\n"
    )
    project = tree(folder / "project", {"pyproject.toml": text, "src/hatched/__init__.py": ""})
    code = "import sys, hatchling.build as b; print(b.build_editable(sys.argv[1]))"
    wheels = folder / "editable"
    wheels.mkdir()
    done = _run(sys.executable, "-I", "-W", "ignore", "-c", code, str(wheels), cwd=project)
    return wheels / done.splitlines()[-1]


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _venv(prefix: Path, python: Path, version: str, *, system: bool = False) -> Path:
    """A virtual environment of that interpreter, as ``venv`` makes it; its site directory."""
    site = prefix / "lib" / f"python{version}" / "site-packages"
    site.mkdir(parents=True)
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").symlink_to(python)
    told = f"include-system-site-packages = {str(system).lower()}\nversion = {version}.0\n"
    (prefix / "pyvenv.cfg").write_text(f"home = {python.parent}\n{told}")
    return site


def _base(prefix: Path, python: Path, version: str) -> Path:
    """A base installation: the interpreter's own library by links, a site directory of its own."""
    library = Path(
        _run(str(python), "-I", "-S", "-c", "import os; print(os.path.dirname(os.__file__))").strip()
    )
    own = prefix / "lib" / library.name
    site = own / "site-packages"
    site.mkdir(parents=True)
    for path in library.iterdir():
        if path.name not in ("site-packages", "sitecustomize.py"):
            (own / path.name).symlink_to(path)
    (prefix / "bin").mkdir()
    # A copy: before 3.11 a link would lead the interpreter to its real prefix.
    shutil.copy2(python.resolve(), prefix / "bin" / f"python{version}")
    for shared in library.parent.glob("libpython*"):
        (prefix / "lib" / shared.name).symlink_to(shared)
    return site


def _inside(prefix: Path) -> tuple[str, ...]:
    return (str(prefix / "bin" / "python"), "-I", "-S", "-B")


def plain(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """A virtual environment with two wheels and a stray ``.pth``."""
    site = _venv(folder / "env", python, version)
    shutil.copytree(stocked.wheels, site, dirs_exist_ok=True)
    tree(site, STRAY)
    return Made(folder / "env", _inside(folder / "env"))


def real(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """The same by the ``venv`` module, for the interpreter that runs the tests."""
    if version != f"3.{sys.version_info.minor}":
        return plain(folder, python, version, stocked)
    venv.EnvBuilder(symlinks=True).create(folder / "env")
    site = next((folder / "env").glob("lib/python3*/site-packages"))
    shutil.copytree(stocked.wheels, site, dirs_exist_ok=True)
    return Made(folder / "env", _inside(folder / "env"))


def user(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """A user site directory, with a ``usercustomize``."""
    site = folder / "base" / "lib" / f"python{version}" / "site-packages"
    shutil.copytree(stocked.wheels, site)
    tree(site, STRAY | {"usercustomize.py": "import stray\n"})
    (site / "zz.pth").unlink()
    return Made(site, (str(python), "-S", "-B"), {"PYTHONUSERBASE": str(folder / "base")})


def system(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """A virtual environment that also sees the site directory of its base."""
    base = _base(folder / "base", python, version)
    site_dir(base, {"gamma-1.0": {"gamma.pth": "import gamma\n", "gamma.py": "import stray\n"}}, STRAY)
    site = _venv(folder / "env", folder / "base" / "bin" / f"python{version}", version, system=True)
    shutil.copytree(stocked.wheels, site, dirs_exist_ok=True)
    return Made(folder / "env", _inside(folder / "env"))


def alone(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """The same without the base's site directory, whose files then do not run."""
    made = system(folder, python, version, stocked)
    path = made.target / "pyvenv.cfg"
    path.write_text(path.read_text().replace("= true", "= false"))
    return made


def conda(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """A prefix with a list of packages, and a ``sitecustomize`` in the standard library."""
    prefix = folder / "conda"
    site = _base(prefix, python, version)
    shutil.copytree(stocked.wheels, site, dirs_exist_ok=True)
    place = site.relative_to(prefix).as_posix()
    tree(
        prefix,
        {
            f"lib/python{version}/sitecustomize.py": "import vendored\n",
            f"{place}/vendored.py": "v = 6\n",
            f"{place}/vendored.pth": "import vendored\n",
            "conda-meta/vendored-1.0-0.json": '{"name": "vendored", "version": "1.0", "files": '
            f'["{place}/vendored.py", "{place}/vendored.pth"]}}',
        },
    )
    return Made(prefix, (str(python), "-S", "-s", "-B"), {"PYTHONHOME": str(prefix)})


def hatched(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """An editable install by hatchling: a path line."""
    site = _venv(folder / "env", python, version)
    shutil.copytree(stocked.hatchling, site, dirs_exist_ok=True)
    return Made(folder / "env", _inside(folder / "env"))


def finder(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """An editable install in the form of setuptools: a finder."""
    site = _venv(folder / "env", python, version)
    shutil.copytree(stocked.setuptools, site, dirs_exist_ok=True)
    return Made(folder / "env", _inside(folder / "env"))


def eggs(folder: Path, python: Path, version: str, stocked: Stock) -> Made:
    """What ``easy_install`` left: eggs as folder and zip, a linked project, ``easy-install.pth``."""
    site = _venv(folder / "env", python, version)
    shutil.copytree(stocked.wheels / "alpha", site / "alpha")
    tree(
        site,
        {
            "easy-install.pth": "import sys; sys.__plen = len(sys.path)\n"
            f"./zipped-1.0-py{version}.egg\n./folder-1.0-py{version}.egg\n{folder / 'project'}\n"
            "import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:]; "
            "p=getattr(sys,'__egginsert',0); sys.path[p:p]=new; sys.__egginsert = p+len(new)\n",
            f"folder-1.0-py{version}.egg/EGG-INFO/PKG-INFO": "Name: folder\nVersion: 1.0\n",
            f"folder-1.0-py{version}.egg/folder.py": "f = 7\n",
            "linked.egg-link": f"{folder / 'project'}\n.",
        },
    )
    with zipfile.ZipFile(site / f"zipped-1.0-py{version}.egg", "w") as egg:
        egg.writestr("EGG-INFO/PKG-INFO", "Name: zipped\nVersion: 1.0\n")
        egg.writestr("sitecustomize.py", "import folder\nimport linked\n")
    tree(
        folder / "project",
        {"linked.py": "n = 8\n", "setup.py": "", "linked.egg-info/PKG-INFO": "Name: linked\n"},
    )
    return Made(folder / "env", _inside(folder / "env"))


def environment(made: Made) -> dict[str, str]:
    """Nothing of this process that would change how Python starts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_"))}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **made.variables}


LAYOUTS: Mapping[str, Layout] = {
    made.__name__: made for made in (plain, real, user, system, alone, conda, hatched, finder, eggs)
}
