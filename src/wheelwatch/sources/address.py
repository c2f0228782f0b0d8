"""Addresses without what is secret in them, as anybody may see them, and where those of files lead."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote, urlsplit, urlunsplit

_SCHEME = r"(?<![\w+.-])(?P<scheme>[\w+.-]+://)"
_USER = re.compile(_SCHEME + r"[^/?#\s]*@")
_TORN = re.compile(_SCHEME + r"(?!\[)[^/?#\s:@]*:(?!\d*(?:[/?#]|$))[^/?#\s@]*[/?#]\S*@")
"""A password with one of ``/?#`` in it, which ends the user part for all who read addresses."""
_WORD = re.compile(r"\S+")

OUTSIDE = "leads out of the repository"
INSIDE = "name a file of the repository"


def redacted(text: str) -> str:
    """The text with every user, password and query of an address in it taken out.

    The last ``@`` before the path ends the user part, as for browsers; a password may hold others. The time
    that this takes grows with the length of the text, whatever it says.
    """
    return _WORD.sub(_redacted_word, text) if "://" in text else text


def _redacted_word(found: re.Match[str]) -> str:
    word = _USER.sub(r"\g<scheme>", _mended(found[0]))
    begin = word.find("://")
    query = word.find("?", begin) if begin >= 0 else -1
    return word if query < 0 else f"{word[:query]}?..."


def _mended(word: str) -> str:
    """An address without a user part that tears it apart."""
    # Nothing behind the last "@" is a user: with it in reach of every start no search is in vain.
    head, at, tail = word.rpartition("@")
    return _TORN.sub(r"\g<scheme>", head + at) + tail if at else tail


def shown(address: str) -> str:
    """One address as a report names it: no user, password, query or fragment."""
    if " " in address:
        return redacted(address)
    try:
        parts = urlsplit(_mended(address))
    except ValueError:
        return redacted(address)
    if not parts.netloc:
        return urlunsplit((parts.scheme, "", parts.path, "", "")) if parts.scheme else address
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def credentials(address: str) -> tuple[str, str, str]:
    """The address without its user part, the user and the password; empty where there is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, "", ""
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return address, "", ""
    name, _, password = user.partition(":")
    bare = urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment))
    return bare, unquote(name), unquote(password)


def host(address: str) -> str:
    """Host and port in lower case: what decides whether an address belongs to another."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def local_path(address: str) -> str:
    """The path of a ``file:`` address of this machine, empty for every other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return ""
    path = unquote(parts.path)
    return path if "\0" not in path else ""


def leads_out(place: str, base: str) -> bool:
    """Whether a path, or a ``file:`` address, is of something outside of a folder; no folder holds all.

    A commit of a stranger must not show what else is on this machine.
    """
    path = local_path(place) or ("" if "://" in place else place)
    if not base or not path:
        return False
    inner, outer = real(path), real(base)
    return inner != outer and not inner.startswith(outer + os.sep)


def real(path: str) -> str:
    """One word for one file; a name that no file can have stands for itself."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return path
