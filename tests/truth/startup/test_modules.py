"""Bytecode, native modules, zips and squatted names under real interpreters."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.pythons import interpreters
from tests.truth.startup.machines import HERE, environment
from tests.truth.startup.parts import CUSTOMIZE
from wheelwatch import archive, sources, startup
from wheelwatch.catalogue.squat import squats
from wheelwatch.limits import DEFAULT
from wheelwatch.model import StartupEntry, StartupKind

pytestmark = pytest.mark.executes

RUN = """
import json, os, sys
sys.path.insert(0, {here!r})
sys.dont_write_bytecode = True
import site, ww
site.addsitedir({folder!r})
site.execsitecustomize()
for name in {names!r}:
    try:
        __import__(name)
    except Exception:
        pass
sys.stdout.write(json.dumps(ww.MARKS))
"""


def marks(python: Path, folder: Path, *names: str) -> list[str]:
    """What ran of a site directory, and of what importing these modules afterwards asked for."""
    code = RUN.format(here=str(HERE), folder=str(folder), names=names)
    command = [str(python), "-I", "-S", "-W", "ignore", "-c", code]
    ran = subprocess.run(
        command, capture_output=True, text=True, env=environment(), check=True, timeout=300
    )
    found: list[str] = json.loads(ran.stdout)
    return found


def entries(folder: Path, kind: StartupKind) -> list[StartupEntry]:
    """The entries of a site directory on disk, found as a scan finds them."""
    (target,) = sources.find((str(folder),), as_="site", limits=DEFAULT).sets
    found = startup.surface(target, lambda member: archive.read(member.source, DEFAULT))
    return [entry for entry in found.entries if entry.kind is kind]


def test_bytecode_runs_on_its_own_version_only(tmp_path: Path) -> None:
    found = interpreters()
    for writer, python in found.items():
        folder = tmp_path / writer
        folder.mkdir()
        source = tmp_path / "source.py"
        source.write_text(CUSTOMIZE.format(writer))
        target = str(folder / "sitecustomize.pyc")
        compile_it = f"import py_compile; py_compile.compile({str(source)!r}, {target!r}, doraise=True)"
        subprocess.run([str(python), "-I", "-S", "-c", compile_it], check=True, env=environment())
        (entry,) = entries(folder, StartupKind.SITECUSTOMIZE)
        for version, other in found.items():
            assert marks(other, folder) == ([writer] if version in entry.pythons else [])


def test_unchecked_bytecode_hides_the_source(tmp_path: Path) -> None:
    for version, python in interpreters().items():
        folder = tmp_path / version
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(CUSTOMIZE.format("bytecode"))
        mode = "py_compile.PycInvalidationMode.UNCHECKED_HASH"
        source = str(folder / "sitecustomize.py")
        compile_it = f"import py_compile; py_compile.compile({source!r}, invalidation_mode={mode})"
        subprocess.run([str(python), "-I", "-S", "-c", compile_it], check=True, env=environment())
        (folder / "sitecustomize.py").write_text(CUSTOMIZE.format("source"))
        cached = entries(folder, StartupKind.SITECUSTOMIZE)[0]
        assert (cached.pythons, "unchecked" in cached.detail) == ((version,), True)
        assert marks(python, folder) == ["bytecode"]


ZIPS = [
    ({"sitecustomize.py": "zip"}, ["zip"]),
    ({"sitecustomize/__init__.py": "package", "sitecustomize.py": "zip"}, ["package"]),
    ({"sitecustomize.so": "native", "sitecustomize.py": "zip"}, ["zip"]),
    ({"sub/sitecustomize.py": "sub", "usercustomize.txt": "x"}, []),
]


@pytest.mark.parametrize("suffix", ["egg", "png", "zip"])
@pytest.mark.parametrize(("inside", "expected"), ZIPS)
def test_a_zip_on_a_path_line(
    tmp_path: Path, suffix: str, inside: dict[str, str], expected: list[str]
) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    with zipfile.ZipFile(folder / f"e.{suffix}", "w") as egg:
        for name, label in inside.items():
            egg.writestr(name, CUSTOMIZE.format(label))
    (folder / "a.pth").write_text(f"e.{suffix}\n")
    said = [
        archive.read(entry.member.source, DEFAULT) for entry in entries(folder, StartupKind.SITECUSTOMIZE)
    ]
    assert said == [CUSTOMIZE.format(label).encode() for label in expected]
    for python in interpreters().values():
        assert marks(python, folder) == expected


def test_a_native_module_without_a_module_in_it(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    (tmp_path / "c.c").write_text(
        "#include <stdio.h>\n__attribute__((constructor)) static void run(void) "
        f'{{ FILE *f = fopen("{tmp_path}/ran", "a"); fputs("x", f); fclose(f); }}\n'
    )
    folder = tmp_path / "site-packages"
    folder.mkdir()
    native = folder / "sitecustomize.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(native), str(tmp_path / "c.c")], check=True)
    (folder / "sitecustomize.py").write_text(CUSTOMIZE.format("source"))
    first = entries(folder, StartupKind.SITECUSTOMIZE)[0]
    assert first.member.path == "sitecustomize.so"
    assert "constructors" in first.detail
    for count, python in enumerate(interpreters().values(), 1):
        assert marks(python, folder) == []
        assert (tmp_path / "ran").read_text() == "x" * count


@pytest.mark.parametrize(
    "squat", [squat for squat in squats() if squat.when == "import"], ids=lambda s: s.name
)
def test_the_library_asks_for_squatted_names(tmp_path: Path, squat: object) -> None:
    (row,) = [each for each in squats() if each is squat]
    folder = tmp_path / "site-packages"
    path = folder.joinpath(*row.name.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True)
    path.write_text(CUSTOMIZE.format("squatted"))
    (entry,) = entries(folder, StartupKind.SQUAT)
    for version, python in interpreters().items():
        ran = marks(python, folder, *row.imported_by)
        assert ran[:1] == (["squatted"] if version in entry.pythons else []), version
