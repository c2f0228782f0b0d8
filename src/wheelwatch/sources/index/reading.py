"""Files as packages: read where they are, or known from a cache without being here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.archive import read_sdist
from wheelwatch.errors import TargetError
from wheelwatch.limits import Limits
from wheelwatch.model import Distribution, Failure, FileRef
from wheelwatch.sources.address import local_path, shown
from wheelwatch.sources.index.absent import Absent
from wheelwatch.sources.index.courier import STRONG, Courier, Fetched
from wheelwatch.sources.index.doubts import UNPROVEN
from wheelwatch.sources.index.stated import stated
from wheelwatch.sources.plan import Locked


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """One package that is here, with the file that it came from."""

    distribution: Distribution
    locked: Locked | None
    path: str
    cached: bool


def _unknown(_sha256: str, _path: Path) -> None:
    """Without a cache nothing is known."""


class Kept(Protocol):
    """A wheel as it was read before, and members of it word by word."""

    @property
    def distribution(self) -> Distribution:
        """Its members lie at the path that was named."""

    @property
    def texts(self) -> dict[FileRef, bytes]:
        """What is known without its file."""


class Reading(msgspec.Struct, frozen=True):
    """How archives are read: the bounds, and wheels perhaps from a cache of what they show."""

    limits: Limits
    wheel: Callable[[Path, Limits], Distribution]
    known: Callable[[str, Path], Distribution | None] = _unknown
    """What a cache knows of a wheel by its SHA-256 and path, without looking there."""
    kept: Callable[[str, Path], Kept | None] = _unknown
    """The same, with what makes the file itself dispensable for now."""
    base: str = ""
    """Folder out of which no path may lead; empty for any path."""


class Reader:
    """Makes packages of files.

    Args:
        reading: how archives are read.
        courier: knows where files lie.
        absent: is told of those that are known and not here.
        notes: grows by what the user should know.
    """

    def __init__(self, reading: Reading, courier: Courier, absent: Absent, notes: list[str]) -> None:
        self._reading = reading
        self._courier = courier
        self._absent = absent
        self._notes = notes

    def known(self, locked: Locked) -> Arrived | None:
        """A wheel that was read before and is not here; its file is fetched when its bytes are needed."""
        path = "" if locked.is_sdist else self._courier.place(locked)
        if not path:
            return None
        sha256 = next(one.partition(":")[2] for one in locked.hashes if one.startswith("sha256:"))
        found = self._reading.kept(sha256, Path(path))
        if found is None:
            return None
        self._absent.expect(path, locked, found.texts)
        distribution = msgspec.structs.replace(found.distribution, location=shown(locked.url))
        filled = msgspec.structs.replace(locked, hashes=(f"sha256:{sha256}",))
        return Arrived(distribution=distribution, locked=filled, path=path, cached=True)

    def read(self, fetched: Fetched) -> Arrived | Failure:
        """One file as a package; what is wrong with it is a failure."""
        locked = fetched.locked
        path = Path(fetched.path)
        reading = self._reading
        try:
            if locked.is_sdist:
                found = read_sdist(path, reading.limits)
            else:
                found = reading.known(fetched.sha256, path) or reading.wheel(path, reading.limits)
        except TargetError as error:
            return Failure(where=shown(locked.url), what=error.what, hint=error.hint)
        if found.sha256 != fetched.sha256:
            what = "changed while it was read; it was not judged"
            return Failure(where=shown(locked.url), what=what, hint="run again")
        if locked.is_sdist and found.requires is None:
            found = self._stated(locked, found)
        issues = found.issues if is_proven(locked) else (*found.issues, UNPROVEN)
        distribution = msgspec.structs.replace(found, location=shown(locked.url), issues=issues)
        filled = msgspec.structs.replace(
            locked,
            name=locked.name or canonicalize_name(found.name),
            version=locked.version or found.version,
            hashes=(f"sha256:{fetched.sha256}",),
            size=path.stat().st_size,
        )
        return Arrived(distribution=distribution, locked=filled, path=fetched.path, cached=fetched.cached)

    def _stated(self, locked: Locked, found: Distribution) -> Distribution:
        """The source with what it says itself to require; a build may say something else."""
        rows = stated(found, self._reading.limits)
        note = (
            f"{locked.filename}: only a build would tell what {found.name} requires, and that is not judged"
        )
        if rows:
            note = (
                f"{locked.filename}: what it states to require is judged; a build may tell something else"
            )
        if note not in self._notes:
            self._notes.append(note)
        return msgspec.structs.replace(found, requires=rows or None)


def is_proven(locked: Locked) -> bool:
    """A hash says what the file is, or it lies on this disk."""
    is_here = "://" not in locked.url or bool(local_path(locked.url))
    return is_here or any(one.partition(":")[0] in STRONG for one in locked.hashes)
