"""The pinned corpus: downloaded once, installed as one tree, as half of it and as twice as much."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import demo

ROOT = Path(__file__).resolve().parent.parent
PINS = Path(__file__).with_name("corpus.txt")
TARGET = ("--python-version=3.11.9", "--implementation=cp")
"""Not 3.11 alone, which is 3.11.0 for pip: some wheels of the corpus refuse that one."""
PLATFORMS = (*(f"manylinux_2_{minor}_x86_64" for minor in range(40, 4, -1)), "manylinux2014_x86_64")
COPY = "_twin"
INFO = ".dist-info"


def folder() -> Path:
    """Where everything that is measured lies: ``WHEELWATCH_BENCH_DIR``, else ``.build/bench``."""
    given = os.environ.get("WHEELWATCH_BENCH_DIR")
    place = Path(given).resolve() if given else ROOT / ".build" / "bench"
    place.mkdir(parents=True, exist_ok=True)
    return place


def pins() -> list[str]:
    """The requirements, one per wheel."""
    return [line for line in PINS.read_text().split("\n") if line and not line.startswith("#")]


def wheels() -> Path:
    """The folder with every pinned wheel, downloaded when it is not there."""
    place = folder() / "wheels"
    missing = _missing(place)
    if missing:
        print(f"downloading {len(missing)} wheels", file=sys.stderr)
        only = ["--no-deps", "--only-binary=:all:", *_target()]
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-qq", *only]
        subprocess.run([*command, "-d", str(place), *missing], check=True)
    if still := _missing(place):
        raise SystemExit(f"{place}: {len(still)} wheels are missing: {', '.join(still)}")
    return place


def _target() -> list[str]:
    """What tells pip to take wheels for CPython 3.11 on Linux; nothing where that is what runs."""
    if sys.version_info[:2] == (3, 11) and platform.machine() == "x86_64" and sys.platform == "linux":
        return []
    return [*TARGET, *(f"--platform={name}" for name in PLATFORMS)]


def _missing(place: Path) -> list[str]:
    there = {_key(*path.name.split("-")[:2]) for path in place.glob("*.whl")}
    return [pin for pin in pins() if _key(*pin.split("==")) not in there]


def _key(name: str, version: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower() + "==" + version


def tree() -> Path:
    """All wheels installed into one folder, without bytecode."""
    return _installed("tree", sorted(wheels().glob("*.whl")))


def half() -> Path:
    """Every second wheel, installed."""
    return _installed("half", sorted(wheels().glob("*.whl"))[::2])


def twice() -> Path:
    """The tree and beside each distribution a second one with other names and, for code, other bytes."""
    place = folder() / "twice"
    if not (place / ".done").exists():
        print("building the tree of twice the size", file=sys.stderr)
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(tree(), place, symlinks=True, copy_function=_linked)
        for info in sorted(tree().glob(f"*{INFO}")):
            _twin(place, info.name)
        (place / ".done").touch()
    return place


def _installed(name: str, paths: Sequence[Path]) -> Path:
    place = folder() / name
    if not place.is_dir():
        print(f"installing {len(paths)} wheels as {name}", file=sys.stderr)
        fresh = place.with_name(name + ".part")
        shutil.rmtree(fresh, ignore_errors=True)
        python = [sys.executable, "-m", "uv", "pip", "install", "-q", "--no-deps", "--target", str(fresh)]
        subprocess.run([*python, "--no-index", *map(str, paths)], check=True)
        fresh.rename(place)
    return place


def _twin(place: Path, info: str) -> None:
    """A second distribution from the files of one: ``x/y.py`` becomes ``x_twin/y.py``."""
    rows = []
    with (place / info / "RECORD").open(newline="") as stream:
        names = [row[0] for row in csv.reader(stream)]
    for name in names:
        source = place / name
        if name.startswith(("..", "/")) or not source.is_file() or name.endswith("/RECORD"):
            continue
        data = source.read_bytes()
        if name.endswith(".py"):
            data += b"\n# twin\n"
        if name == f"{info}/METADATA":
            data = re.sub(rb"^Name: (\S+)", rb"Name: \1" + COPY.encode(), data, count=1, flags=re.MULTILINE)
        target = place / _renamed(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith((".py", "/METADATA")):
            target.write_bytes(data)
        else:
            _linked(source, target)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append((_renamed(name), f"sha256={digest}", len(data)))
    own = _renamed(f"{info}/RECORD")
    with (place / own).open("w", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([*rows, (own, "", "")])


def _linked(source: str | Path, target: str | Path) -> None:
    """The same bytes at another place, without a second copy where the disk allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _renamed(name: str) -> str:
    top, slash, rest = name.partition("/")
    if top.endswith(INFO):
        project, _, version = top.removesuffix(INFO).rpartition("-")
        return f"{project}{COPY}-{version}{INFO}{slash}{rest}"
    stem, dot, suffix = top.partition(".")
    return f"{stem}{COPY}{dot}{suffix}{slash}{rest}"


def small() -> Path:
    """The wheel of the demonstration: a startup line, a module, a hook."""
    place = folder() / "small"
    place.mkdir(exist_ok=True)
    return demo.build(place)
