"""Folders whose files are no files, change, vanish, may not be read, or have names of every kind."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from tests.support.factories import site_dir
from tests.torture.case import HOOK, PLANTED, Case, Made, Meddler, site

NAMES: dict[str, bytes] = {
    "bytes that are no UTF-8": b"a\xff\xfe.py",
    "a newline": b"a\nb.py",
    "a carriage return and a bell": b"a\r\x07.py",
    "terminal control": b"\x1b[2J\x1b]0;x\x07.py",
    "bidirectional controls": "a\u202eyp.x.py".encode(),
    "255 bytes": b"a" * 252 + b".py",
    "255 bytes of four-byte letters": "\U0001f40d".encode() * 63 + b".py",
    "a leading dash": b"-rf.py",
    "spaces around": b"  a  .py",
    "only a suffix": b".py",
    "a backslash": b"..\\..\\a.py",
    "a quote and a comma": b"a\",'b.py",
    "markup": b"[bold]<b>::error::%0A.py",
    "combining letters": "e\u0301.py".encode(),
    "a device's name": b"con.py",
    "a percent sign": b"%s%n%(x)s{0}.py",
}


def _named(name: bytes) -> Callable[[Path], Made]:
    def make(folder: Path) -> Made:
        made = site(folder, {}, _shown(name))
        with open(os.fsencode(made.target) + b"/" + name, "wb") as stream:
            stream.write(HOOK.encode())
        return made

    return make


def _shown(name: bytes) -> str:
    """The name as JSON holds it: what is no UTF-8 as a visible escape."""
    return os.fsdecode(name).encode("utf-8", "backslashreplace").decode()


def _clash(folder: Path) -> Made:
    """Names that differ in case or form only."""
    names = ("a.py", "A.py", "\u00e9.py", "e\u0301.py", "\uff41.py")
    return site(folder, dict.fromkeys(names, HOOK))


def _special(make: Callable[[Path], object], name: str = "hostile.py") -> Callable[[Path], Made]:
    def build(folder: Path) -> Made:
        made = site(folder, {}, name)
        make(made.target / name)
        return made

    return build


def _socket(path: Path) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(1 << 37)


def _locked(path: Path) -> None:
    path.write_text(HOOK)
    path.chmod(0)


def _locked_folder(path: Path) -> None:
    path.mkdir()
    (path / "x.py").write_text(HOOK)
    path.chmod(0)


def _parent_loop(path: Path) -> None:
    path.symlink_to("..")


def _maze(folder: Path) -> Made:
    """Forty folders, each with two links to the next: a million million paths."""
    made = site(folder, {}, "d39.py")
    for number in range(40):
        here = made.target / f"f{number}"
        here.mkdir()
        if number < 39:
            (here / "a").symlink_to(f"../f{number + 1}")
            (here / "b").symlink_to(f"../f{number + 1}")
    (made.target / "f39" / "d39.py").write_text(HOOK)
    return made


def _deep(folder: Path) -> Made:
    """Folders below folders, deeper than a path may be long, made step by step."""
    made = site(folder, {}, "hostile.py")
    (made.target / "hostile.py").write_text(HOOK)
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(made.target)
        for _ in range(60):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        Path("x.py").write_text(HOOK)
    finally:
        os.chdir(here)
        os.close(here)
    return made


def _changing(meddle: Callable[[Path, int], None], **files: str) -> Callable[[Path], Made]:
    """Files that somebody works on while they are read; afterwards each of them is there."""

    def make(folder: Path) -> Made:
        rest = {f"more/m{number}.py": HOOK for number in range(100)}
        made = site(folder, {**files, **rest}, *files)
        return Made(made.target, tuple(files), during=lambda: Meddler(lambda n: meddle(made.target, n)))

    return make


def _vanish(root: Path, number: int) -> None:
    """One of many is away for a moment; one of them stays."""
    path = root / f"more/m{number % 100}.py"
    path.rename(path.with_suffix(".away"))
    path.with_suffix(".away").rename(path)


def _swap(root: Path, number: int) -> None:
    """A file becomes a FIFO and a file again."""
    path, fresh = root / f"more/m{number % 100}.py", root / "fresh"
    if number % 2:
        os.mkfifo(fresh)
    else:
        fresh.write_text(HOOK)
    fresh.rename(path)


def _grow(root: Path, number: int) -> None:
    """A file grows and is cut while it is read."""
    with (root / f"more/m{number % 100}.py").open("r+") as stream:
        stream.truncate(len(HOOK) + (number % 7) * 4096)


def _turn(root: Path, number: int) -> None:
    """A folder becomes a link to its own parent and a folder again."""
    if number % 2:
        (root / "more").rename(root / "less")
        (root / "more").symlink_to(".")
    else:
        (root / "more").unlink()
        (root / "less").rename(root / "more")


def _records_a_pipe(folder: Path) -> Made:
    """RECORD lists a file that is a FIFO, with a hash."""
    made = site(folder, {"hostile.py": HOOK})
    (made.target / "hostile.py").unlink()
    os.mkfifo(made.target / "hostile.py")
    return made


def _odd_metadata(name: str, make: Callable[[Path], object]) -> Callable[[Path], Made]:
    """A file of the metadata folder is a FIFO, a folder or a device."""

    def build(folder: Path) -> Made:
        root = site_dir(
            folder / "site-packages", {"demo-1.0": {PLANTED: HOOK, "zz.pth": "import planted\n"}}
        )
        path = root / "demo-1.0.dist-info" / name
        path.unlink(missing_ok=True)
        make(path)
        return Made(root, ("zz.pth",))

    return build


def _environment(settings: str) -> Callable[[Path], Made]:
    """A virtual environment whose ``pyvenv.cfg`` is hostile."""

    def make(folder: Path) -> Made:
        files = {PLANTED: HOOK, "zz.pth": "import planted\n"}
        site_dir(folder / "lib" / "python3.11" / "site-packages", {"demo-1.0": files})
        (folder / "pyvenv.cfg").write_text(settings)
        return Made(folder, ("zz.pth",))

    return make


def _zero(path: Path) -> None:
    path.symlink_to("/dev/zero")


CASES = (
    *(Case(f"name: {what}", _named(name)) for what, name in NAMES.items()),
    Case("name: clashes of case and form", _clash),
    Case("file: a FIFO", _special(os.mkfifo)),
    Case("file: a socket", _special(_socket)),
    Case("file: a link to /dev/zero", _special(_zero)),
    Case("file: a link to a terminal", _special(lambda path: path.symlink_to("/dev/tty"))),
    Case("file: a link to itself", _special(lambda path: path.symlink_to(path.name))),
    Case("file: sparse, 128 GiB", _special(_sparse)),
    Case("file: a sparse startup file", _special(_sparse, "zz.pth")),
    Case("file: a sparse customize module", _special(_sparse, "sitecustomize.py")),
    Case("file: not readable", _special(_locked), has_rights=False),
    Case("file: a startup file that is not readable", _special(_locked, "zz.pth"), has_rights=False),
    Case("folder: not readable", _special(_locked_folder, "closed"), has_rights=False),
    Case("folder: a link to its parent", _special(_parent_loop, "loop")),
    Case("folder: a maze of links", _maze, is_slow=True),
    Case("folder: deeper than a path is long", _deep),
    Case("changing: files vanish", _changing(_vanish, **{"kept.py": HOOK})),
    Case("changing: files become FIFOs", _changing(_swap, **{"kept.py": HOOK})),
    Case("changing: files grow and are cut", _changing(_grow, **{"kept.py": HOOK})),
    Case("changing: a folder becomes a link", _changing(_turn, **{"kept.py": HOOK})),
    Case("RECORD: lists a FIFO", _records_a_pipe),
    Case("RECORD: is a FIFO", _odd_metadata("RECORD", os.mkfifo)),
    Case("RECORD: is a folder", _odd_metadata("RECORD", os.mkdir)),
    Case("RECORD: is /dev/zero", _odd_metadata("RECORD", _zero)),
    Case("METADATA: is a FIFO", _odd_metadata("METADATA", os.mkfifo)),
    Case("METADATA: is sparse", _odd_metadata("METADATA", _sparse)),
    Case("environment: an endless version", _environment(f"home = /\nversion = 3.{'1' * 100_000}.2\n")),
    Case("environment: settings of megabytes", _environment("home = " + "/x" * 2_000_000 + "\n")),
    Case("entry points: are /dev/zero", _odd_metadata("entry_points.txt", _zero)),
)
