"""Addresses without what is secret in them: every address passes here before anybody sees it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

_USER = re.compile(r"(?P<scheme>[\w+.-]+://)[^/?#\s]*@")
_QUERY = re.compile(r"(?P<address>[\w+.-]+://[^\s?]*)\?[^\s#]*")


def redacted(text: str) -> str:
    """The text with every user, password and query of an address in it taken out.

    The last ``@`` before the path ends the user part, as for browsers; a password may hold others.
    """
    return _QUERY.sub(r"\g<address>?...", _USER.sub(r"\g<scheme>", text))


def shown(address: str) -> str:
    """One address as a report names it: no user, password, query or fragment."""
    if " " in address:
        return redacted(address)
    try:
        parts = urlsplit(address)
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
