"""How environments lie on disk: prefixes, site directories, the Python they are for. Nothing is started."""

from __future__ import annotations

import os
import posixpath
import re
import site
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from wheelwatch.archive import read_text
from wheelwatch.model import SUPPORTED_PYTHONS, Version

_VERSIONED = re.compile(r"(?:python|pypy)(?P<version>3\.\d+)t?")
_IN_PATH = re.compile(r"(?:^|/)(?:python|pypy)(?P<version>3\.\d+)t?(?:/|$)")
_CFG_VERSION = re.compile(r"(?P<version>3\.\d{1,3})(?:[.A-Za-z_+-].*)?")
LIBRARIES = ("lib", "lib64", "local/lib")
SYSTEM = frozenset({"/usr", "/usr/local"})


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """What one interpreter sees: its prefix and the folders of its import path.

    ``sites`` are its site directories in the order of ``sys.path``; ``library`` holds the standard
    library, in front of them; empty when it is not there.
    """

    prefix: str
    version: Version
    sites: tuple[str, ...]
    library: str = ""
    is_virtual: bool = False
    is_own: bool = False


def pythons_of(path: str, fallback: tuple[Version, ...] = SUPPORTED_PYTHONS) -> tuple[Version, ...]:
    """The version that a path tells by a part ``python3.X``, when it is a supported one."""
    found = [m["version"] for m in _IN_PATH.finditer(path)]
    return (found[-1],) if found and found[-1] in SUPPORTED_PYTHONS else fallback


def has_interpreter_layout(prefix: str) -> bool:
    """``pyvenv.cfg``, or site directories where an interpreter of this prefix looks for them."""
    return Path(prefix, "pyvenv.cfg").is_file() or any(True for _ in _own_sites(prefix))


def configuration(prefix: str) -> dict[str, str]:
    """The keys of ``pyvenv.cfg``, lower-case, as ``site`` reads them; empty when there is none."""
    found: dict[str, str] = {}
    for line in read_text(f"{prefix}/pyvenv.cfg").splitlines():
        key, equals, value = line.partition("=")
        if equals:
            found[key.strip().lower()] = value.strip()
    return found


def environments(prefix: str) -> tuple[Environment, ...]:
    """The environments of a prefix: one, or one for each version that has a site directory there."""
    settings = configuration(prefix)
    told = _CFG_VERSION.fullmatch(settings.get("version_info") or settings.get("version", ""))
    sites: dict[Version, list[str]] = {}
    common: list[str] = []
    for version, path in _own_sites(prefix):
        (sites.setdefault(version, []) if version else common).append(path)
    if told is not None:
        chosen: tuple[Version, ...] = (told["version"],)
    else:
        chosen = tuple(sites) or _libraries(prefix) or ("",)
    return tuple(
        _environment(prefix, version, (*sites.get(version, ()), *common), settings) for version in chosen
    )


def _environment(
    prefix: str, version: Version, own: tuple[str, ...], settings: dict[str, str]
) -> Environment:
    base = _base(settings) if settings else prefix
    sites = list(own)
    if settings and base and settings.get("include-system-site-packages", "").lower() == "true":
        sites += _user_sites(base, version)
        sites += [path for found, path in _own_sites(base) if found in ("", version)]
    elif not settings:
        sites[:0] = _user_sites(prefix, version)
    library = f"{base}/lib/python{version}" if base and version else ""
    return Environment(
        prefix=prefix,
        version=version,
        sites=tuple(dict.fromkeys(sites)),
        library=library if Path(library, "os.py").is_file() or Path(library, "site.py").is_file() else "",
        is_virtual=bool(settings),
        is_own=_is_same(prefix, sys.prefix) and version in ("", f"3.{sys.version_info.minor}"),
    )


def _base(settings: dict[str, str]) -> str:
    """The prefix from which a virtual environment was made: its ``home`` without ``bin``."""
    home = settings.get("home", "")
    if not home.startswith("/") or "\0" in home:
        return ""
    return posixpath.dirname(posixpath.normpath(home))


def _own_sites(prefix: str) -> Iterator[tuple[Version, str]]:
    """(version, site directory) of a prefix; the version is empty where the path does not tell it."""
    seen: set[str] = set()
    for library, name in _places(prefix):
        path = f"{prefix}/{library}/{name}"
        real = os.path.realpath(path)
        if real not in seen and Path(path).is_dir():
            seen.add(real)
            found = _VERSIONED.search(name)
            yield (found["version"] if found else ""), path


def _places(prefix: str) -> Iterator[tuple[str, str]]:
    """Debian's local directory comes before its shared one, as on its ``sys.path``."""
    for library in ("local/lib", "lib", "lib64"):
        for name in _names(f"{prefix}/{library}"):
            if _VERSIONED.fullmatch(name):
                if library != "local/lib":
                    yield library, f"{name}/site-packages"
                if library != "lib64":
                    yield library, f"{name}/dist-packages"
    yield "lib", "python3/dist-packages"
    yield "Lib", "site-packages"


def _libraries(prefix: str) -> tuple[Version, ...]:
    """Versions whose standard library is in the prefix, though they have no site directory."""
    names = (_VERSIONED.fullmatch(name) for name in _names(f"{prefix}/lib"))
    return tuple(found["version"] for found in names if found)


def _user_sites(base: str, version: Version) -> list[str]:
    """The user site directory, for interpreters of this system only: another one has other users."""
    if not version or not (base in SYSTEM or _is_same(base, sys.base_prefix)):
        return []
    path = f"{site.getuserbase()}/lib/python{version}/site-packages"
    return [path] if Path(path).is_dir() else []


def _is_same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths
    except OSError:
        return []
