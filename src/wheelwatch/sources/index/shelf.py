"""Downloaded files, each under the hash of its content: what is here is not fetched again."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from wheelwatch.limits import MIB

MOST_BYTES = 4 * 1024 * MIB
"""What is kept between runs."""


LEFT_SECONDS = 24 * 3600
"""After so long nobody goes on with a download that broke off with its run."""


class Shelf:
    """A folder of files by sha256; without a place it lives as long as the run.

    Args:
        place: folder of the user's cache, made when it is missing.
    """

    def __init__(self, place: str = "") -> None:
        self._temporary = "" if place else tempfile.mkdtemp(prefix="wheelwatch-files-")
        self.root = Path(place or self._temporary)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)
        else:
            self.trim(MOST_BYTES)

    def find(self, sha256: str, filename: str) -> str:
        """The file of this content, empty when it is not here."""
        path = self._path(sha256, filename)
        try:
            os.utime(path)
        except OSError:
            return str(path) if path.is_file() else ""
        return str(path)

    def place(self, sha256: str, filename: str) -> str:
        """Where the file of this content lies or would lie."""
        return str(self._path(sha256, filename))

    def fresh(self) -> str:
        """A new empty file, on the same disk."""
        folder = self.root / "partial"
        self._make(folder)
        descriptor, path = tempfile.mkstemp(dir=folder)
        os.close(descriptor)
        return path

    def keep(self, path: str, sha256: str, filename: str) -> str:
        """Moves a file whose content has this hash to its place, which is returned."""
        place = self._path(sha256, filename)
        self._make(place.parent)
        os.replace(path, place)  # noqa: PTH105
        return str(place)

    def drop(self, path: str) -> None:
        """Forgets a file that turned out to be another."""
        with contextlib.suppress(OSError):
            os.unlink(path)  # noqa: PTH108

    def trim(self, most: int) -> None:
        """Lets go of the files that were not asked for for the longest time, until the rest fits.

        What somebody else takes away meanwhile is gone all the same.
        """
        for path in self.root.glob("partial/*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > LEFT_SECONDS:
                    path.unlink()
        found: list[tuple[float, int, Path]] = []
        for path in self.root.glob("??/*/*"):
            with contextlib.suppress(OSError):
                about = path.stat()
                found.append((about.st_mtime, about.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= most:
                return
            self.drop(str(path))
            with contextlib.suppress(OSError):
                path.parent.rmdir()
            total -= size

    def _path(self, sha256: str, filename: str) -> Path:
        return self.root / sha256[:2] / sha256 / filename

    def _make(self, folder: Path) -> None:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(parents=True, exist_ok=True)
