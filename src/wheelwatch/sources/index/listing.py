"""What an index lists for one name: the simple repository API in JSON and HTML, and folders of files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion

from wheelwatch.sources.address import local_path

JSON = "application/vnd.pypi.simple.v1+json"
ACCEPT = f"{JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
SDISTS = (".tar.gz", ".zip", ".tgz", ".tar.bz2", ".tar.xz")
HASHES = ("sha256", "sha384", "sha512", "blake2b", "sha1", "md5")
_HASH = re.compile(rf"({'|'.join(HASHES)})=([0-9a-fA-F]+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# What a quote opens ends with that quote, so at most two starts at a time look at the same text.
_TAG = re.compile(r"""<(?:a|base)(?=\s)(?:[^<>"']|"[^"]*"|'[^']*')*+>""", re.IGNORECASE)
LONGEST_TAG = 16 * 1024
LONGEST_NAME = 255
"""Characters of a file's name; no disk takes more."""
LONGEST_RANGE = 1000
"""Characters of Requires-Python; what is longer says nothing."""
NAMED = re.compile(r"[A-Za-z0-9][\w.!+-]*")


class BadListingError(ValueError):
    """The answer of an index is not in a form that can be read."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a name, as an index lists it."""

    filename: str
    url: str
    name: str
    version: str
    is_wheel: bool
    hashes: tuple[str, ...] = ()
    requires_python: str = ""
    yanked: str | None = None
    """The reason, which may be empty; ``None`` for a file that is not yanked."""
    uploaded: str | None = None
    size: int | None = None


class _File(msgspec.Struct, kw_only=True, rename="kebab"):
    filename: str
    url: str
    hashes: dict[str, str] = {}
    requires_python: str | None = None
    yanked: bool | str = False
    upload_time: str | None = None
    size: int | None = None


class _Page(msgspec.Struct, kw_only=True):
    files: list[_File]


_PAGE = msgspec.json.Decoder(_Page)


def parse(data: bytes, content_type: str, address: str) -> tuple[Listed, ...]:
    """The files of a page.

    Args:
        data: its bytes.
        content_type: as the server says.
        address: where it came from, against which links count.

    Raises:
        BadListingError: it is no such page.
    """
    if "json" in content_type:
        try:
            page = _PAGE.decode(data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadListingError(f"its answer is not the JSON of a package index: {error}") from None
        return tuple(found for row in page.files if (found := _of_json(row, address)) is not None)
    if "html" not in content_type:
        raise BadListingError(f"its answer is neither JSON nor HTML but {content_type or 'nameless'}")
    return tuple(_of_html(data.decode("utf-8", "replace"), address))


def folder(path: str, name: str) -> tuple[Listed, ...]:
    """The files of a name in a folder: its own, or those that an ``index.html`` lists."""
    page = Path(path, name, "index.html")
    if page.is_file():
        return parse(page.read_bytes(), "text/html", page.as_uri())
    inner = Path(path, name)
    base = inner if inner.is_dir() else Path(path)
    names = sorted(os.listdir(base)) if base.is_dir() else []  # noqa: PTH208 - names, not paths
    return tuple(
        found for file in names if (found := listed(file, (base / file).as_uri())) and found.name == name
    )


def of_links(data: bytes, address: str, name: str) -> tuple[Listed, ...]:
    """The files of a name among the links of any page."""
    return tuple(row for row in _of_html(data.decode("utf-8", "replace"), address) if row.name == name)


def listed(filename: str, url: str, **more: Any) -> Listed | None:
    """A file by its name; ``None`` when that is no name of a wheel or sdist."""
    if len(filename) > LONGEST_NAME:
        return None
    try:
        if filename.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(filename)
        else:
            name, version = parse_sdist_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        return None
    if NAMED.fullmatch(filename) is None:
        return None
    return Listed(
        filename=filename,
        url=url,
        name=canonicalize_name(name),
        version=str(version),
        is_wheel=filename.endswith(".whl"),
        **more,
    )


def _of_json(row: _File, address: str) -> Listed | None:
    yanked = row.yanked if isinstance(row.yanked, str) else "" if row.yanked else None
    pairs = [(key, value) for key, value in row.hashes.items() if key in HASHES]
    return listed(
        row.filename,
        urljoin(address, row.url),
        hashes=tuple(f"{key}:{value.lower()}" for key, value in pairs),
        requires_python=(row.requires_python or "")[:LONGEST_RANGE],
        yanked=yanked,
        uploaded=row.upload_time,
        size=row.size,
    )


def _of_html(text: str, address: str) -> Iterator[Listed]:
    reader = _links(text)
    base = urljoin(address, reader.base) if reader.base else address
    for attributes in reader.links:
        url = urljoin(base, attributes.get("href") or "")
        path = local_path(url) or unquote(urlsplit(url).path)
        fragment = urlsplit(url).fragment
        found = listed(
            path.rpartition("/")[2],
            url.partition("#")[0],
            hashes=tuple(f"{key}:{value.lower()}" for key, value in _HASH.findall(fragment)),
            requires_python=(attributes.get("data-requires-python") or "")[:LONGEST_RANGE],
            yanked=(attributes.get("data-yanked") or "") if "data-yanked" in attributes else None,
        )
        if found is not None:
            yield found


def _links(text: str) -> _Links:
    """Tag after tag: on a whole page the parser's time would grow with the square of what is not closed."""
    reader = _Links()
    for tag in _TAG.finditer(_COMMENT.sub("", text)):
        if tag.end() - tag.start() <= LONGEST_TAG:
            reader.feed(tag[0])
    return reader


class _Links(HTMLParser):
    """The anchors of a page and its base."""

    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.links: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Keeps what leads to files."""
        if tag == "a":
            self.links.append(dict(attrs))
        elif tag == "base" and not self.base:
            self.base = dict(attrs).get("href") or ""
