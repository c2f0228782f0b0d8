"""A git repository read by its objects: no checkout, no hook, no network, nothing of it is run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Set
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

import msgspec

from wheelwatch.errors import TargetError, UsageError
from wheelwatch.limits import Limits

SETTINGS = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "protocol.allow=never", "core.pager=cat")
"""Nothing that the repository configures is started, nothing is fetched."""

SILENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
"""Variables with which git asks nobody, fetches nothing and writes nothing."""

SEARCHED = ("*requirements*.txt", "requirements/*.txt", "pylock.toml", "pylock.*.toml", "uv.lock")
"""Names of requirements and lock files, by the last one or two parts of the path."""

INCLUDED = re.compile(rb"^\s*(?:-r|-c|--requirements?|--constraints?)[\s=]*([^\s#]+)", re.MULTILINE)
PLACES = re.compile(
    rb"^\s*(?:(?:-f|--find-links)[\s=]*|(?:-e|--editable)[\s=]*)?([^\s;#\[]+)", re.MULTILINE
)
"""What may be a path to a package, or to a folder of packages."""

PROJECT = ("pyproject.toml", "setup.py", "setup.cfg")
"""What says of a project what it requires, or that only a build would."""

ARCHIVES = (".whl", ".tar.gz", ".tgz", ".zip")
PLAIN = (b"100644", b"100755")
SECONDS = 120


class Blob(msgspec.Struct, frozen=True):
    """One file of a commit: its object and its size in bytes."""

    oid: str
    size: int


class Repository:
    """The repository that holds a folder.

    Raises:
        UsageError: git is missing, or the folder lies in no repository.
    """

    def __init__(self, folder: str, limits: Limits) -> None:
        program = shutil.which("git")
        if program is None:
            raise UsageError("--git", "git is not installed", "install git")
        self._program = program
        self._folder = folder
        self._limits = limits
        self._run("rev-parse", "--git-dir", what="is in no git repository")

    def commit(self, revision: str) -> str:
        """The object of a revision.

        Raises:
            UsageError: there is no such commit here; the hint tells of a shallow clone.
        """
        done = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if done.returncode == 0:
            return done.stdout.decode("ascii", "replace").strip()
        is_shallow = self._ask("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        hint = "name a branch, a tag or a commit"
        if is_shallow:
            hint = f"the clone is shallow: fetch it first (git fetch --depth=1 origin {revision})"
        raise UsageError("--git", f"there is no commit {revision} in this repository", hint)

    def fork(self, base: str, head: str) -> str:
        """Where two commits parted; the base itself where the history does not tell."""
        done = self._ask("merge-base", base, head)
        found = done.stdout.decode("ascii", "replace").split()
        return found[0] if done.returncode == 0 and found else base

    def files(self, commit: str) -> dict[str, Blob]:
        """Every plain file of a commit by its path; links and other repositories are left out."""
        listed = self._run("ls-tree", "-r", "-z", "--long", "--full-tree", commit, what="cannot be listed")
        found = {}
        for row in listed.split(b"\0"):
            head, _, name = row.partition(b"\t")
            mode, _, rest = head.partition(b" ")
            parts = rest.split()
            if mode in PLAIN and len(parts) == 3 and parts[2].isdigit():
                found[os.fsdecode(name)] = Blob(parts[1].decode("ascii"), int(parts[2]))
        return found

    def renames(self, old: str, new: str) -> dict[str, str]:
        """By its new path: the old path of each file that was renamed between two commits."""
        options = ("-r", "-M", "-z", "--name-status")
        rows = self._run("diff-tree", *options, old, new, what="cannot be compared")
        words = [os.fsdecode(word) for word in rows.split(b"\0")]
        found = {}
        while words:
            status = words.pop(0)
            if status.startswith("R") and len(words) >= 2:
                before, after = words.pop(0), words.pop(0)
                found[after] = before
            elif words:
                words.pop(0)
        return found

    def read(self, blob: Blob, *, is_archive: bool = False) -> bytes:
        """The content of a file.

        Raises:
            TargetError: it is too large for what it is, or the object is missing.
        """
        most = self._limits.member_bytes if is_archive else self._limits.metadata_bytes
        if blob.size > most:
            raise TargetError(blob.oid, f"is larger than {most >> 20} MiB")
        return self._run("cat-file", "blob", blob.oid, what="cannot be read")

    def _run(self, *arguments: str, what: str) -> bytes:
        done = self._ask(*arguments)
        if done.returncode:
            detail = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise UsageError(self._folder, f"{what}: {detail[-1] if detail else 'git failed'}")
        return done.stdout

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        try:
            return subprocess.run(
                [self._program, *settings, *arguments],
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TargetError(self._folder, f"git took longer than {SECONDS} s") from None


def wanted(files: Iterable[str]) -> list[str]:
    """The requirements and lock files among these paths, sorted."""
    return sorted(path for path in files if _is_wanted(path))


def closure(path: str, files: Mapping[str, Blob], repository: Repository) -> dict[str, Blob]:
    """A file, which comes first, with those of the repository that an audit of it reads, each once.

    They are what it includes by ``-r`` and ``-c``, projects and archives that it names by a path from the
    top folder, and archives in folders behind ``--find-links``.
    """
    found: dict[str, Blob] = {}
    places: set[str] = set()
    waiting = [path]
    while waiting:
        one = waiting.pop()
        blob = files.get(one)
        if blob is None or one in found:
            continue
        found[one] = blob
        if one.endswith((".txt", ".in")):
            folder = PurePosixPath(one).parent
            data = repository.read(blob)
            waiting += [os.path.normpath(folder / os.fsdecode(name)) for name in INCLUDED.findall(data)]
            named = [os.fsdecode(name).removeprefix("file:") for name in PLACES.findall(data)]
            places.update(os.path.normpath(name) for name in named)
            places.update(os.path.normpath(folder / name) for name in named)
    found |= {name: blob for name, blob in files.items() if name not in found and _is_at(name, places)}
    return found


def is_archive(path: str) -> bool:
    """By its name, a package in one file."""
    return path.lower().endswith(ARCHIVES)


def _is_at(path: str, places: Set[str]) -> bool:
    """Whether it says what a package at one of these places holds."""
    folder, _, name = path.rpartition("/")
    if is_archive(path):
        return path in places or (folder or ".") in places
    return name in PROJECT and (folder or ".") in places


def _is_wanted(path: str) -> bool:
    parts = path.split("/")
    ends = (parts[-1].lower(), "/".join(parts[-2:]).lower())
    return any(fnmatchcase(end, pattern) for end in ends for pattern in SEARCHED)


def _environment() -> dict[str, str]:
    """The variables of this process without those that lead git elsewhere or make it ask."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | SILENT
