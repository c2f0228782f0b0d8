"""Where an installer would look: its configuration and variables, read as data, and options on top."""

from __future__ import annotations

import configparser
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from wheelwatch.errors import UsageError
from wheelwatch.sources.address import credentials, shown
from wheelwatch.sources.plan import Option

UNSET = ""
"""Stands for the index that an installer takes when none is configured; uv tells which."""

TRUE = frozenset({"1", "y", "yes", "t", "true", "on"})
MAX_BYTES = 4 * 1024 * 1024


class Installer(StrEnum):
    """Whose rules decide what is taken."""

    PIP = "pip"
    UV = "uv"


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """A package index or a folder of files; ``url`` holds no credentials, and may be `UNSET`."""

    url: str
    user: str = ""
    password: str = ""
    name: str = ""
    is_default: bool = False

    @property
    def shown(self) -> str:
        """The address for messages."""
        return shown(self.url)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How an installer is set up, as far as it matters for what it takes."""

    installer: Installer = Installer.PIP
    indexes: tuple[Index, ...] = (Index(url=UNSET, is_default=True),)
    """Those that come first win under uv's ``first-index``; pip takes them as one."""
    find_links: tuple[Index, ...] = ()
    strategy: str = "unsafe-best-match"
    trusted_hosts: tuple[str, ...] = ()
    cert: str = ""
    client_cert: str = ""
    proxy: str = ""
    keyring: bool = False
    pre: bool = False
    prefer_binary: bool = False
    only_binary: tuple[str, ...] = ()
    no_binary: tuple[str, ...] = ()
    require_hashes: bool = False
    newest: str = ""
    """Files that were uploaded later do not count; RFC 3339 or a date."""
    constraints: tuple[str, ...] = ()
    """Files of constraints that the configuration names."""
    notes: tuple[str, ...] = ()


def settings(
    installer: Installer, options: Sequence[Option], project: Mapping[str, Any] | None
) -> Settings:
    """What the installer would go by here.

    Args:
        installer: whose files and variables are read.
        options: of requirements files, and of the command line (those that name no file), each in order.
        project: the ``[tool.uv]`` table of the audited project.
    """
    if installer is Installer.PIP:
        return _applied(_pip(), options)
    return _applied(_uv(project or {}), options)


# pip


def _pip() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in _pip_files():
        for key, value in _pip_file(path):
            found[key] = value.split()
    for name, value in os.environ.items():
        if name.startswith("PIP_") and value and name != "PIP_CONFIG_FILE":
            found[name[4:].lower().replace("_", "-")] = value.split()
    return found


def _pip_files() -> Iterator[str]:
    """In the order in which later ones win."""
    config = os.environ.get("PIP_CONFIG_FILE", "")
    if config == os.devnull:
        return
    for folder in os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep):
        yield os.path.join(folder, "pip", "pip.conf")  # noqa: PTH118
    yield "/etc/pip.conf"
    home = os.path.expanduser("~")  # noqa: PTH111
    yield os.path.join(home, ".pip", "pip.conf")  # noqa: PTH118
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")  # noqa: PTH118
    yield os.path.join(base, "pip", "pip.conf")  # noqa: PTH118
    yield os.path.join(os.environ.get("VIRTUAL_ENV") or sys.prefix, "pip.conf")  # noqa: PTH118
    if config:
        yield config


def _pip_file(path: str) -> Iterator[tuple[str, str]]:
    """The values that ``pip install`` would see, ``[install]`` after ``[global]``."""
    data = _read(path)
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(data.decode("utf-8", "replace"))
    except configparser.Error:
        return
    for section in ("global", "install"):
        if parser.has_section(section):
            for key, value in parser.items(section):
                yield key.lower().replace("_", "-").removeprefix("--"), value


# uv


def _uv(project: Mapping[str, Any]) -> dict[str, list[str]]:
    """Uv's settings in the words of pip's; an earlier index wins there."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111
    files = [os.path.join(home, "uv", "uv.toml"), "/etc/uv/uv.toml"]  # noqa: PTH118
    if given := os.environ.get("UV_CONFIG_FILE"):
        files = [given]
    if os.environ.get("UV_NO_CONFIG"):
        files = []
    tables = [_uv_environment(), project, *(_toml(path) for path in files)]
    found: dict[str, list[str]] = {"index-strategy": ["first-index"]}
    first: set[str] = set()
    for table in tables:
        for key, value in _uv_table(table):
            if key in ("extra-index-url", "find-links", "trusted-host"):
                found[key] = found.get(key, []) + value
            elif key not in first:
                found[key] = value
                first.add(key)
    return found


def _uv_environment() -> dict[str, Any]:
    env = os.environ
    names = {
        "index-url": env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL"),
        "index-strategy": env.get("UV_INDEX_STRATEGY"),
        "keyring-provider": env.get("UV_KEYRING_PROVIDER"),
        "prerelease": env.get("UV_PRERELEASE"),
        "exclude-newer": env.get("UV_EXCLUDE_NEWER"),
        "constraint": env.get("UV_CONSTRAINT"),
        "no-index": env.get("UV_NO_INDEX"),
        "extra-index-url": f"{env.get('UV_INDEX', '')} {env.get('UV_EXTRA_INDEX_URL', '')}".split(),
        "find-links": re.split(r"[\s,]+", env.get("UV_FIND_LINKS", "")),
        "trusted-host": env.get("UV_INSECURE_HOST", "").split(),
    }
    return {key: value for key, value in names.items() if value}


def _uv_table(table: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    inner = table.get("pip")
    for part in (inner if isinstance(inner, dict) else {}, table):
        for row in part.get("index", []) if isinstance(part.get("index"), list) else []:
            if isinstance(row, dict) and isinstance(row.get("url"), str) and not row.get("explicit"):
                name = f"{row['name']}=" if isinstance(row.get("name"), str) else ""
                yield ("index-url" if row.get("default") else "extra-index-url"), [name + row["url"]]
        for key, value in part.items():
            known = {"allow-insecure-host": "trusted-host", "index": ""}.get(key, key)
            if isinstance(value, str):
                yield known, [value]
            elif value is True:
                yield known, ["true"]
            elif isinstance(value, list) and all(isinstance(row, str) for row in value):
                yield known, value


# both


def _applied(found: Mapping[str, list[str]], options: Sequence[Option]) -> Settings:
    installer = Installer.UV if "index-strategy" in found else Installer.PIP
    default = _last(found, "index-url") or UNSET
    extras, links = list(found.get("extra-index-url", ())), list(found.get("find-links", ()))
    has_index = not _is_true(_last(found, "no-index"))
    lists = {key: list(found.get(key, ())) for key in ("trusted-host", "only-binary", "no-binary")}
    flags = {key for key in ("pre", "prefer-binary", "require-hashes") if _is_true(_last(found, key))}
    is_pip = installer is Installer.PIP
    front: list[str] = []
    # In pip a file has the last word over the command line, in uv the command line over files.
    for option in sorted(options, key=lambda one: bool(one.asked.file) == is_pip):
        match option.name:
            case "no-index":
                has_index = False
            case "index-url" if has_index:
                # As pip: a file's puts aside all indexes that were named before it.
                default, extras = option.value, [] if is_pip and option.asked.file else extras
            case "extra-index-url" if has_index:
                (extras if is_pip or option.asked.file else front).append(option.value)
            case "find-links":
                links.append(option.value)
            case "pre" | "prefer-binary" | "require-hashes":
                flags.add(option.name)
            case name if name in lists:
                lists[name] += re.split(r"[\s,]+", option.value)
    indexes = [_index(extra) for extra in (*front, *extras)]
    main = msgspec.structs.replace(_index(default) if default else Index(url=UNSET), is_default=True)
    ordered = [main, *indexes] if is_pip else [*indexes, main]
    return Settings(
        installer=installer,
        indexes=tuple(dict.fromkeys(ordered)) if has_index else (),
        find_links=tuple(dict.fromkeys(_index(link, ends="") for link in links if link)),
        strategy=_last(found, "index-strategy") or "unsafe-best-match",
        trusted_hosts=tuple(lists["trusted-host"]),
        cert=_last(found, "cert"),
        client_cert=_last(found, "client-cert"),
        proxy=_last(found, "proxy"),
        keyring=_last(found, "keyring-provider") == "subprocess",
        pre="pre" in flags or _last(found, "prerelease") == "allow",
        prefer_binary="prefer-binary" in flags,
        only_binary=_names(lists["only-binary"]),
        no_binary=_names(lists["no-binary"]),
        require_hashes="require-hashes" in flags,
        newest=_last(found, "uploaded-prior-to") or _last(found, "exclude-newer"),
        constraints=tuple(found.get("constraint", ())),
    )


def _index(text: str, ends: str = "/") -> Index:
    """An index from its address without these ``ends``; uv's ``name=`` may stand in front."""
    named = re.match(r"(?P<name>[\w.-]+)=(?P<url>[\w+.-]+://.*)", text)
    name, url = (named["name"], named["url"]) if named else ("", text)
    bare, user, password = credentials(url)
    if name and not user:
        key = re.sub(r"[^A-Z0-9]", "_", name.upper())
        user = os.environ.get(f"UV_INDEX_{key}_USERNAME", "")
        password = os.environ.get(f"UV_INDEX_{key}_PASSWORD", "")
    _require_sound(bare)
    if "://" not in bare and not bare.startswith("file:"):
        bare = Path(os.path.abspath(bare)).as_uri()  # noqa: PTH100 - links stay as given
    return Index(url=bare.rstrip(ends) if ends else bare, user=user, password=password, name=name)


def _require_sound(address: str) -> None:
    try:
        port = urlsplit(address).port
    except ValueError:
        port = 0
    if port == 0:
        hint = "write /, ? and # in a user or password as %2F, %3F and %23"
        raise UsageError(shown(address), "is no address of an index", hint)


def _names(values: Iterable[str]) -> tuple[str, ...]:
    """Pip's format control: ``:none:`` forgets what stood before it."""
    kept: list[str] = []
    for value in [part for text in values for part in text.split(",")]:
        if value == ":none:":
            kept.clear()
        elif value:
            kept.append(value)
    return tuple(kept)


def _last(found: Mapping[str, list[str]], key: str) -> str:
    return (found.get(key) or [""])[-1]


def _is_true(text: str) -> bool:
    return text.lower() in TRUE


def _toml(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path).decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            return stream.read(MAX_BYTES)
    except (OSError, ValueError):
        return b""
