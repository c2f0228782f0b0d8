"""Files outside site directories that an interpreter or its tools obey: those in the prefix."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from wheelwatch.archive.folder import member, read_file, walk
from wheelwatch.limits import Limits
from wheelwatch.model import Member, NotAnalysed

SINGLE = ("pyvenv.cfg", "pip.conf", "pip.ini")
SCRIPTS = ("bin", "Scripts")
TREES = ("etc/ipython", "etc/jupyter", "share/jupyter/kernels")
STANDARD_ZIP = re.compile(r"python3\d+\.zip")
PATH_FILE = re.compile(r".+\._pth")
TOOLS = re.compile(r"(?:python|pip)[\d.]*(?:\.exe)?|activate(?:\.\w+)?", re.IGNORECASE)
NATIVE = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xce\xfa\xed\xfe")
HEAD = 4
MAX_ROWS = 5000


def prefix_members(prefix: str, limits: Limits, *, has_all_scripts: bool) -> tuple[Member, ...]:
    """The files of a prefix that startup cares about, with places below ``{prefix}/``.

    Args:
        prefix: ``sys.prefix`` of an environment.
        limits: bounds on the folders that are walked.
        has_all_scripts: take every script; else only those with names of the interpreter and its tools,
            as the ``bin`` of a system holds thousands of others.
    """
    keys: list[str] = [*_single(prefix), *_scripts(prefix, has_all_scripts=has_all_scripts), *_zips(prefix)]
    for tree in TREES:
        keys += _tree(prefix, tree, limits)
    return tuple(_members(prefix, keys))


def _members(prefix: str, keys: list[str]) -> Iterator[Member]:
    for key in keys:
        try:
            size = Path(prefix, key).stat().st_size
        except OSError:
            size = 0
        yield member(prefix, key, "{prefix}/" + key, size)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:MAX_ROWS]  # noqa: PTH208 - names, not paths
    except OSError:
        return []


def _single(prefix: str) -> Iterator[str]:
    for name in _names(prefix):
        if name in SINGLE or PATH_FILE.fullmatch(name) or STANDARD_ZIP.fullmatch(name):
            yield name


def _scripts(prefix: str, *, has_all_scripts: bool) -> Iterator[str]:
    for folder in SCRIPTS:
        for name in _names(f"{prefix}/{folder}"):
            is_wanted = has_all_scripts or TOOLS.fullmatch(name) or PATH_FILE.fullmatch(name)
            if is_wanted and not _is_native(f"{prefix}/{folder}/{name}"):
                yield f"{folder}/{name}"


def _is_native(path: str) -> bool:
    """An interpreter or another program: what it would say of hooks says nothing of this environment."""
    head = read_head(path)
    return head is None or head.startswith(NATIVE)


def read_head(path: str) -> bytes | None:
    """The first bytes of a regular file; ``None`` when there is none that can be read."""
    found = read_file(path, HEAD, is_head=True)
    return None if isinstance(found, NotAnalysed) else found


def _zips(prefix: str) -> Iterator[str]:
    for folder in ("lib", "lib64"):
        if folder == "lib64" and Path(prefix, folder).is_symlink():
            continue
        for name in _names(f"{prefix}/{folder}"):
            if STANDARD_ZIP.fullmatch(name):
                yield f"{folder}/{name}"


def _tree(prefix: str, tree: str, limits: Limits) -> Iterator[str]:
    try:
        found = walk(f"{prefix}/{tree}", limits)
    except OSError:
        return
    for path in (*found.files, *found.unread):
        yield posixpath.join(tree, path)
