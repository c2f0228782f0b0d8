"""What pip and uv write, compared with the places that were predicted, trick by trick."""

from __future__ import annotations

import json
import os
import posixpath
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.archive.forge import forged_wheel
from tests.support.pythons import interpreters
from tests.truth.installers.tricks import TRICKS
from wheelwatch.archive import read, read_wheel
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Distribution, Member

pytestmark = pytest.mark.executes

HERE = Path(__file__).parent
SITE = "lib/python3.9/site-packages"
INSTALLERS_OWN = ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json")
GENERATED = frozenset({"bin/tool"})
"""What an installer makes from an entry point."""

SOME_REFUSE = {"climbs into a namesake", "NUL", "NUL before a slash"}
"""pip from 26.0 on refuses the first, ``zipfile`` before 3.11 the others."""

RENAMED = {"Unicode path", "Unicode path with a NUL"}


def pips() -> dict[str, Path]:
    """Every interpreter with a pip of its own, and the one that runs the tests."""
    found = dict(interpreters())
    found["current"] = Path(sys.executable)
    return {name: path for name, path in found.items() if _has_pip(path)}


def _has_pip(python: Path) -> bool:
    return _run([str(python), "-I", "-c", "import pip._internal"], "").returncode == 0


def _run(command: list[str], text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Distribution]:
    folder = tmp_path_factory.mktemp("wheels")
    return {
        name: read_wheel(forged_wheel(folder / str(index), rows), DEFAULT)
        for index, (name, rows) in enumerate(TRICKS.items())
    }


def _install(python: Path, wheels: Mapping[str, Distribution], folder: Path) -> dict[str, str | None]:
    """Install every wheel with this interpreter's pip; trick -> error."""
    jobs = []
    for name, wheel in wheels.items():
        prefix = folder / name.replace(" ", "_")
        jobs.append([wheel.location, str(prefix), str(prefix / SITE)])
    answer = _run([str(python), "-I", str(HERE / "driver.py")], json.dumps(jobs))
    assert answer.returncode == 0, answer.stderr
    return dict(zip(wheels, json.loads(answer.stdout), strict=True))


def _appeared(prefix: Path) -> dict[str, bytes]:
    """Path relative to the prefix -> content of everything that an installer wrote."""
    found = {}
    for folder, _, names in os.walk(prefix):
        for name in names:
            path = Path(folder, name)
            assert not path.is_symlink()
            key = path.relative_to(prefix).as_posix()
            if name not in INSTALLERS_OWN and "__pycache__" not in key and key != ".lock":
                found[key] = path.read_bytes()
    return found


def _on_disk(place: str, site: str = SITE) -> str:
    if place.startswith("{prefix}/"):
        return place.removeprefix("{prefix}/")
    return posixpath.normpath(f"{site}/{place}")


def _predicted(wheel: Distribution, *, is_uv: bool = False, site: str = SITE) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for member in wheel.members:
        place = member.uv_place if is_uv else member.place
        if place is not None and posixpath.basename(place) not in INSTALLERS_OWN:
            found.setdefault(_on_disk(place, site), []).append(member)
    return found


def _content(member: Member, written: bytes) -> bytes:
    """What should have been written: as stored, but for the first line of a script."""
    data = read(member.source, DEFAULT)
    assert isinstance(data, bytes)
    if data.startswith(b"#!python"):
        return written.split(b"\n", 1)[0] + b"\n" + data.split(b"\n", 1)[1]
    return data


PIPS = pips()


@pytest.mark.parametrize("python", PIPS)
def test_pip_puts_every_member_where_it_was_predicted(
    python: str, wheels: dict[str, Distribution], tmp_path: Path
) -> None:
    errors = _install(PIPS[python], wheels, tmp_path)
    wrong = {}
    for name, wheel in wheels.items():
        appeared = _appeared(tmp_path / name.replace(" ", "_"))
        if text := "; ".join(_disagreements(name, wheel, appeared, errors[name])):
            wrong[name] = text
    assert not wrong
    assert sum(error is None for error in errors.values()) >= 20


def _disagreements(
    name: str, wheel: Distribution, appeared: dict[str, bytes], error: str | None
) -> Iterator[str]:
    predicted = _predicted(wheel)
    for path in sorted(appeared.keys() - predicted.keys() - GENERATED):
        yield f"unforeseen {path}"
    if error is None:
        allowed = 1 if name in RENAMED else 0
        missing = predicted.keys() - appeared.keys()
        if len(missing) > allowed:
            yield f"did not appear: {sorted(missing)}"
        for path in predicted.keys() & appeared.keys():
            assert len(predicted[path]) == 1
            if appeared[path] != _content(predicted[path][0], appeared[path]):
                yield f"other content in {path}"
    elif not wheel.issues:
        yield f"refused, and we have nothing to say about it: {error}"


def test_pips_disagree_only_where_it_was_foreseen(wheels: dict[str, Distribution], tmp_path: Path) -> None:
    refused = {
        python: {name for name, error in _install(path, wheels, tmp_path / python).items() if error}
        for python, path in PIPS.items()
    }
    always, ever = set.intersection(*refused.values()), set.union(*refused.values())
    assert ever - always <= SOME_REFUSE


def test_both_names_of_a_unicode_path_are_real(wheels: dict[str, Distribution], tmp_path: Path) -> None:
    if not {"3.11", "3.12"} <= PIPS.keys():
        pytest.skip("needs Python 3.11 and 3.12")
    for name in RENAMED:
        seen: set[str] = set()
        for python in ("3.11", "3.12"):
            folder = tmp_path / python / name
            _install(PIPS[python], {name: wheels[name]}, folder)
            seen |= _appeared(folder / name.replace(" ", "_")).keys()
        assert seen == _predicted(wheels[name]).keys()


def test_uv_puts_every_member_where_it_was_predicted(
    wheels: dict[str, Distribution], tmp_path: Path
) -> None:
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        pytest.skip("uv is not installed beside this interpreter")
    site = f"lib/python3.{sys.version_info.minor}/site-packages"
    wrong = {}
    for index, (name, wheel) in enumerate(wheels.items()):
        prefix = tmp_path / str(index)
        done = _run([str(uv), *UV, "--python", sys.executable, "--prefix", str(prefix), wheel.location], "")
        appeared = {path: data for path, data in _appeared(prefix).items() if path not in GENERATED}
        predicted = _predicted(wheel, is_uv=True, site=site)
        if text := "; ".join(_uv_disagreements(predicted, appeared, done.returncode == 0)):
            wrong[name] = text + done.stderr[-300:]
    assert not wrong


UV = (
    "pip",
    "install",
    "--quiet",
    "--no-cache",
    "--no-deps",
    "--no-index",
    "--no-config",
    "--link-mode=copy",
)


def _uv_disagreements(
    predicted: dict[str, list[Member]], appeared: dict[str, bytes], is_done: bool
) -> Iterator[str]:
    for path in sorted(appeared.keys() - {_headers(path) for path in predicted} - GENERATED):
        if is_done or "/demo-1.0.data/" not in path:  # what an installation that stopped did not move
            yield f"unforeseen {path}"
    if is_done:
        for path, members in predicted.items():
            written = appeared.get(_headers(path))
            if written is None:
                yield f"did not appear: {path}"
            elif all(written != _content(member, written) for member in members):
                yield f"other content in {path}"


def _headers(path: str) -> str:
    return path.replace("python3.X", f"python3.{sys.version_info.minor}")
