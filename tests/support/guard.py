"""The no-execution guard: an audit hook that fails a static test as soon as its target runs.

The hook is installed once per process, as audit hooks cannot be removed, and does nothing while it is not
armed. Armed, it raises ``ExecutedError`` and keeps a line on file, so that a swallowed exception, or one in
a forked worker, still fails the test.

Python processes that a static test starts, the tool and its workers, are guarded too: ``environment()``
leads them to ``child/sitecustomize.py``, and they write to the same file.

Told apart by where code comes from: ours, the standard library's and installed packages' is trusted,
everything else, above all what lies under the test's own folder, is a target. ``ast.parse`` raises the
same ``compile`` event as a compilation that is about to run; it is known by its caller.
"""

from __future__ import annotations

import atexit
import linecache
import os
import socket
import subprocess
import sys
import sysconfig
import tempfile
import tokenize  # noqa: F401 - from 3.13 on linecache would import it in the midst of a hook
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

ROOT = Path(__file__).resolve().parents[2]
CHILD = str(Path(__file__).resolve().with_name("child"))

GENERATORS = frozenset(
    {"dataclasses.py", "typing.py", "inspect.py", "enum.py", "functools.py", "annotationlib.py"}
    | {"collections/__init__.py", "concurrent/futures/process.py"}
)
"""Standard modules that run source which they wrote themselves. ``site``, ``runpy``, ``code`` and the
like, which run what they are given, are not among them."""

PROCESS_EVENTS = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"}
    | {"os.startfile", "pty.spawn"}
)
POOLS = ("multiprocessing/", "concurrent/futures/", "pebble/")


class ExecutedError(AssertionError):
    """The target was executed, imported or compiled, or a socket or foreign process was opened."""


class Guard:
    """The state of the one hook: what it allows, which folder is the target, where it keeps its lines."""

    def __init__(self) -> None:
        self.is_armed = False
        self.target = ""
        self.may_start = False
        self.may_connect = False
        self.journal = -1
        self.journal_path = ""

    @contextmanager
    def armed(self, target: Path, *, may_start: bool = False, may_connect: bool = False) -> Iterator[None]:
        """Watch the block; ``violations()`` tells afterwards what happened in it.

        Args:
            target: folder whose files are targets, whatever else holds of them.
            may_start: processes may be started.
            may_connect: sockets may be opened.
        """
        self._install()
        os.ftruncate(self.journal, 0)
        self.may_start, self.may_connect = may_start, may_connect
        self.target = os.path.realpath(target)
        self.is_armed = True
        try:
            yield
        finally:
            self.is_armed = False

    def arm_child(self) -> None:
        """Watch this process, which a static test started, from here to its end."""
        self.target, self.journal_path = os.environ["GUARD_TARGET"], os.environ["GUARD_JOURNAL"]
        self.journal = os.open(self.journal_path, os.O_WRONLY | os.O_APPEND)
        # A test of audit may start uv and reach an index of its own; running the target it may not.
        self.may_start = self.may_connect = os.environ.get("GUARD_CONNECT") == "1"
        self.is_armed = True
        sys.addaudithook(self._heard)

    def environment(self) -> dict[str, str]:
        """Variables with which a Python process is guarded as this one is; none when it is not armed."""
        if not self.is_armed:
            return {}
        found = {"GUARD_TARGET": self.target, "GUARD_JOURNAL": self.journal_path, "PYTHONPATH": CHILD}
        return found | {"GUARD_CONNECT": "1"} if self.may_connect else found

    def violations(self) -> list[str]:
        """One line for each thing that should not have happened since the guard was armed."""
        size = os.fstat(self.journal).st_size
        return os.pread(self.journal, size, 0).decode(errors="replace").splitlines()

    def _install(self) -> None:
        """Add the hook to this process, once; the journal is shared with all children."""
        if self.journal_path:
            return
        descriptor, self.journal_path = tempfile.mkstemp(prefix="wheelwatch-guard-")
        os.close(descriptor)
        self.journal = os.open(self.journal_path, os.O_RDWR | os.O_APPEND)
        atexit.register(_remove, self.journal_path, os.getpid())
        sys.addaudithook(self._heard)

    def _heard(self, event: str, args: tuple[object, ...]) -> None:
        if not self.is_armed:
            return
        judge = JUDGES.get(event.partition(".")[0])
        if judge is None:
            return
        try:
            frame = sys._getframe(1)
        except ValueError:  # the interpreter itself, which runs its command line
            return
        reason = judge(self, event, args, frame)
        if reason:
            os.write(self.journal, reason.replace("\n", " ").encode(errors="replace") + b"\n")
            raise ExecutedError(reason)

    def is_target(self, path: str) -> bool:
        """Whether a file, by its name as code objects carry it, is neither ours nor installed."""
        real = _real(path)
        return _within(real, (self.target,)) or not _within(real, TRUSTED)


def _compiled(guard: Guard, _event: str, args: tuple[object, ...], frame: FrameType) -> str | None:
    filename = os.fsdecode(args[1]) if isinstance(args[1], str | bytes) else ""
    if _only_parses(frame) or not (_is_file(filename) or _is_ours(frame)):
        return None
    if _is_file(filename) and not guard.is_target(filename):
        return None
    return f"compile of {filename or 'a string'} by {_place(frame)}"


def _executed(guard: Guard, _event: str, args: tuple[object, ...], frame: FrameType) -> str | None:
    code = args[0]
    names = [code.co_filename] if isinstance(code, CodeType) else []
    names += _module_files(frame)
    for name in names:
        if _is_file(name) and guard.is_target(name):
            return f"execution of {name}"
    if names and _is_file(names[0]):
        return None
    if _is_frozen(names) or _may_generate(frame.f_code.co_filename):
        return None
    return f"execution of a string by {_place(frame)}"


def _imported(guard: Guard, _event: str, args: tuple[object, ...], _frame: FrameType) -> str | None:
    filename = args[1]
    if isinstance(filename, str) and _is_file(filename) and guard.is_target(filename):
        return f"import of {args[0]} from {filename}"
    return None


def _loaded(guard: Guard, event: str, args: tuple[object, ...], frame: FrameType) -> str | None:
    name = args[0] if args else None
    if event == "ctypes.dlopen" and isinstance(name, str) and os.sep in name and guard.is_target(name):
        return f"{event} of {name} by {_place(frame)}"
    return None


def _connected(guard: Guard, event: str, args: tuple[object, ...], frame: FrameType) -> str | None:
    if guard.may_connect or (_is_local(args) and _has_caller(frame, POOLS)):
        return None
    return f"{event} by {_place(frame)}"


def _started(guard: Guard, event: str, args: tuple[object, ...], frame: FrameType) -> str | None:
    if event not in PROCESS_EVENTS or guard.may_start or _has_caller(frame, POOLS):
        return None
    if event == "subprocess.Popen" and _is_own_command(args[1]):
        return None
    if event != "subprocess.Popen" and frame.f_code.co_filename == subprocess.__file__:
        return None  # how Popen starts what was judged as subprocess.Popen
    return f"{event} {args[1:2] or args!r} by {_place(frame)}"


Judge = Callable[[Guard, str, tuple[object, ...], FrameType], str | None]
JUDGES: dict[str, Judge] = {
    "compile": _compiled,
    "exec": _executed,
    "import": _imported,
    "ctypes": _loaded,
    "socket": _connected,
    "subprocess": _started,
    "os": _started,
    "pty": _started,
}


def _remove(path: str, owner: int) -> None:
    if os.getpid() == owner:
        os.unlink(path)


def _trusted() -> tuple[str, ...]:
    paths = [sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    base = sys.base_prefix
    there = {"installed_base": base, "installed_platbase": base}
    paths += [sysconfig.get_paths(vars=there)[key] for key in ("stdlib", "platstdlib")]
    own = [ROOT / "src", ROOT / "tests", ROOT / "tools"]
    return tuple({os.path.realpath(path) for path in [*paths, *map(str, own)]})


TRUSTED = _trusted()
STDLIB = os.path.realpath(sysconfig.get_paths()["stdlib"]) + os.sep
SOURCE = os.path.realpath(ROOT / "src") + os.sep
TESTS = os.path.realpath(ROOT / "tests") + os.sep


_FOLDERS: dict[str, str] = {}
"""Trusted folders by the names under which they were met: no test moves them."""


def _real(path: str) -> str:
    """What ``os.path.realpath`` says, without a look at each folder of a thousand trusted files."""
    folder, name = os.path.split(path)
    if not os.path.isabs(folder) or name in ("", ".", ".."):
        return os.path.realpath(path)
    real = _FOLDERS.get(folder)
    if real is None:
        real = os.path.realpath(folder)
        if _within(real, TRUSTED):
            _FOLDERS[folder] = real
    whole = os.path.join(real, name)
    return os.path.realpath(whole) if os.path.islink(whole) else whole


def _within(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def _is_file(name: str) -> bool:
    return bool(name) and not name.startswith("<")


def _is_frozen(names: list[str]) -> bool:
    return bool(names) and names[0].startswith("<frozen ")


def _is_ours(frame: FrameType) -> bool:
    return _real(frame.f_code.co_filename).startswith((SOURCE, TESTS))


def _may_generate(filename: str) -> bool:
    """Whether code in this file may run strings: a generator, or an installed package."""
    real = _real(filename)
    if "site-packages" in real:
        return True
    return real.startswith(STDLIB) and real.removeprefix(STDLIB) in GENERATORS


def _only_parses(frame: FrameType) -> bool:
    """Whether this frame asks the compiler for a syntax tree only."""
    if frame.f_code.co_filename.startswith(STDLIB) and frame.f_code.co_name == "parse":
        return frame.f_globals.get("__name__") == "ast"
    positions = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    first, last = positions[0], positions[1]
    if first is None or last is None:
        return False
    lines = [linecache.getline(frame.f_code.co_filename, line) for line in range(first, last + 1)]
    return "PyCF_ONLY_AST" in "".join(lines)


def _module_files(frame: FrameType) -> list[str]:
    """Where importlib found the module whose code it runs, as a ``.pyc`` can name any file."""
    if not frame.f_code.co_filename.startswith("<frozen importlib"):
        return []
    args = frame.f_locals.get("args", ())
    namespace = args[1] if isinstance(args, tuple) and len(args) > 1 else {}
    spec = namespace.get("__spec__")
    found = (namespace.get("__file__"), getattr(spec, "origin", None), getattr(spec, "cached", None))
    return [name for name in found[:2] if isinstance(name, str) and os.sep in name]


def _has_caller(frame: FrameType | None, folders: tuple[str, ...]) -> bool:
    """Whether one of these packages does it, before any of our own code: workers are forked by ours."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith((SOURCE, TESTS)):
            return False
        if any(f"{os.sep}{folder}" in name for folder in folders):
            return True
        frame = frame.f_back
    return False


def _is_local(args: tuple[object, ...]) -> bool:
    families = [arg for arg in args if isinstance(arg, socket.AddressFamily | int)]
    return getattr(args[0], "family", None) == socket.AF_UNIX or socket.AF_UNIX in families[:1]


def _is_own_command(args: object) -> bool:
    """Whether a command line starts wheelwatch itself: ``python -m wheelwatch`` or its script."""
    words = [os.fsdecode(word) for word in args] if isinstance(args, list | tuple) else []
    if not words:
        return False
    bin_folder = os.path.dirname(sys.executable)
    if os.path.dirname(words[0]) == bin_folder and os.path.basename(words[0]) == "wheelwatch":
        return True
    rest = [word for word in words[1:] if word not in {"-I", "-P", "-X", "dev", "-W", "error"}]
    return words[0] == sys.executable and rest[:2] == ["-m", "wheelwatch"]


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


GUARD = Guard()
