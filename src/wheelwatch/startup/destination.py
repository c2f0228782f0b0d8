"""What a path line leads to: a folder or file of the set, or a place that the set does not show."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from wheelwatch.archive.place import PREFIX
from wheelwatch.model import Version
from wheelwatch.startup.layout import Layout, Located

_PATH_MAX = 4096
_DRIVE = re.compile(r"[A-Za-z]:[\\/]|[\\/]{2}")
_SITE_OF = re.compile(r"(?P<prefix>.*)/(?:lib|lib64|local/lib)/python3[^/]*/(?:site|dist)-packages")
_VIRTUAL = "/" + PREFIX


class Destination(msgspec.Struct, frozen=True):
    """A place that a path line adds to ``sys.path``.

    ``path`` is relative to ``root`` (or begins with ``{prefix}/``), empty for another root itself; for a
    place outside the set it is the line. ``files`` are the members at this very path: with ``is_folder``
    they are a zip whose files are members too.
    """

    root: str
    path: str
    is_outside: bool = False
    is_windows: bool = False
    is_folder: bool = False
    files: tuple[Located, ...] = ()


class Compass:
    """Resolves path lines against one layout and its roots; remembers what it resolved."""

    def __init__(self, layout: Layout, roots: tuple[str, ...]) -> None:
        self._layout = layout
        self._bases = {root: _absolute(root) for root in roots if root}
        self._known: dict[tuple[str, str, Version], tuple[Destination, ...]] = {}

    def resolve(self, root: str, line: str, python: Version) -> tuple[Destination, ...]:
        """Where the path line of a ``.pth`` of this root leads; empty when it has no effect."""
        key = (root, line, python)
        if key not in self._known:
            self._known[key] = tuple(self._resolve(root, line, python))
        return self._known[key]

    def _resolve(self, root: str, line: str, python: Version) -> Iterator[Destination]:
        if "\0" in line or len(line) > _PATH_MAX:
            return
        if (found := self._look(root, line, python)) is not None:
            yield found
        if _DRIVE.match(line):
            yield Destination(root, line, is_outside=True, is_windows=True)
        elif "\\" in line:
            turned = self._look(root, line.replace("\\", "/"), python)
            if turned is not None and not turned.is_outside:
                yield msgspec.structs.replace(turned, is_windows=True)

    def _look(self, root: str, line: str, python: Version) -> Destination | None:
        base = self._bases.get(root) or f"{_VIRTUAL}lib/python{python}/site-packages"
        full = posixpath.normpath(posixpath.join(base, line))
        owner, path = self._relative(root, base, full)
        if path is None:
            return Destination(root, line, is_outside=True)
        if not path and owner == root:
            return None
        files = tuple(self._layout.at(owner, path, python))
        is_folder = not path or self._layout.is_folder(owner, path, python)
        if files or is_folder:
            return Destination(owner, path, is_folder=is_folder, files=files)
        # An archive shows only what it brings itself, a prefix only what was looked at.
        if not root or path.startswith(PREFIX):
            return Destination(root, line, is_outside=True)
        return None

    def _relative(self, root: str, base: str, full: str) -> tuple[str, str | None]:
        for other, other_base in ((root, base), *self._bases.items()):
            if full == other_base:
                return other, ""
            if full.startswith(other_base + "/"):
                return other, full[len(other_base) + 1 :]
        prefix = _prefix(base)
        if prefix is not None and full.startswith(prefix + "/"):
            return root, PREFIX + full[len(prefix) + 1 :]
        return root, None


def _absolute(root: str) -> str:
    # Not Path.resolve(): site.py does not follow links here either.
    return posixpath.normpath(posixpath.join(Path.cwd().as_posix(), root.replace("\\", "/")))


def _prefix(base: str) -> str | None:
    match = _SITE_OF.fullmatch(base)
    return match["prefix"] if match else None
