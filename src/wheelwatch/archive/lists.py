"""What other package managers know: the files of Debian's and conda's packages."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from wheelwatch.archive.folder import read_file
from wheelwatch.limits import Limits

DPKG = "var/lib/dpkg/info"
CONDA = "conda-meta"
_DEBIAN = re.compile(r"/usr/lib/python3(?:\.\d+)?(?:/dist-packages)?\Z")


class Listed(msgspec.Struct, frozen=True):
    """One package of another manager and its files below a site directory, relative to that."""

    manager: str
    name: str
    version: str
    paths: frozenset[str]
    sums: Mapping[str, str] = {}
    """MD5 of files, as Debian ships them: it changes files after the wheel's RECORD was written."""


def listed(root: str, prefix: str, limits: Limits) -> tuple[Listed, ...]:
    """The packages that say they own files below the site directory ``root``.

    Debian's lists count for Debian's own folders only, conda's for those of the prefix.
    """
    found = [*_debian(root, limits), *(_conda(root, prefix, limits) if prefix else ())]
    return tuple(row for row in found if row.paths)


def _debian(root: str, limits: Limits) -> Iterator[Listed]:
    """``*.list`` files hold absolute paths, one per line; a system may lie in a folder of its own."""
    if not _DEBIAN.search(root):
        return
    at = root.rindex("/usr/")
    folder = f"{root[:at]}/{DPKG}"
    inside = root[at:] + "/"
    for name in _names(folder, ".list"):
        data = read_file(f"{folder}/{name}", limits.metadata_bytes)
        if isinstance(data, bytes) and inside.encode() in data:
            lines = data.decode("utf-8", "surrogateescape").splitlines()
            paths = frozenset(line[len(inside) :] for line in lines if line.startswith(inside))
            sums = _sums(f"{folder}/{name.removesuffix('.list')}.md5sums", inside, limits)
            yield Listed("dpkg", name.removesuffix(".list").split(":", 1)[0], "", paths, sums)


def _sums(path: str, inside: str, limits: Limits) -> dict[str, str]:
    data = read_file(path, limits.metadata_bytes)
    if not isinstance(data, bytes):
        return {}
    rows = (line.partition("  ") for line in data.decode("utf-8", "surrogateescape").splitlines())
    start = inside.lstrip("/")
    return {name[len(start) :]: digest for digest, _, name in rows if name.startswith(start)}


def _conda(root: str, prefix: str, limits: Limits) -> Iterator[Listed]:
    folder = f"{prefix}/{CONDA}"
    if not root.startswith(prefix + "/"):
        return
    inside = root[len(prefix) + 1 :] + "/"
    for name in _names(folder, ".json"):
        data = read_file(f"{folder}/{name}", limits.metadata_bytes)
        if isinstance(data, bytes) and (row := _conda_package(data, inside)) is not None:
            yield row


def _conda_package(data: bytes, inside: str) -> Listed | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(files := found.get("files"), list):
        return None
    paths = frozenset(f[len(inside) :] for f in files if isinstance(f, str) and f.startswith(inside))
    return Listed("conda", str(found.get("name", "")), str(found.get("version", "")), paths)


def _names(folder: str, suffix: str) -> list[str]:
    if not Path(folder).is_dir():
        return []
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(suffix))  # noqa: PTH208
    except OSError:
        return []
