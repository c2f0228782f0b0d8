"""One requirement as people write it: a name, a path, an address or a repository."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote, urlsplit

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from wheelwatch.sources.address import local_path
from wheelwatch.sources.plan import Asked, Direct, DirectKind, Requirement

ARCHIVES = (".whl", ".tar.gz", ".tgz", ".zip", ".tar", ".tar.bz2", ".tar.xz")
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://|(?P<file>file:)")
_EGG = re.compile(r"[#&]egg=(?P<name>[^&\[]*)(?:\[(?P<extras>[^\]]*)\])?")
_NAMED = re.compile(r"^\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*@")
DEEP = "its marker is nested too deeply"
VCS = ("git", "hg", "svn", "bzr", "ssh")


class BadRequirementError(ValueError):
    """A text that is no requirement."""


def parse(
    text: str, asked: Asked, *, hashes: tuple[str, ...] = (), is_editable: bool = False, base: str = ""
) -> Requirement | Direct:
    """Reads one requirement the way pip does.

    Args:
        text: without options; variables of the environment are in their place.
        asked: who asked, for reports.
        hashes: ``sha256:...``, from the options of the line.
        is_editable: the text stood behind ``-e``.
        base: folder against which a path counts; the current directory when empty.

    Raises:
        BadRequirementError: it is neither a name nor a path nor an address.
    """
    if is_editable or not _NAMED.match(text):
        found = _direct(text, asked, hashes, base, is_editable=is_editable)
        if found is not None:
            return found
    try:
        parsed = Parsed(text)
    except InvalidRequirement as error:
        raise BadRequirementError(_explained(text, error)) from None
    except RecursionError:
        raise BadRequirementError(DEEP) from None
    extras = tuple(sorted(parsed.extras))
    marker = str(parsed.marker or "")
    if parsed.url is None:
        return Requirement(
            name=canonicalize_name(parsed.name),
            extras=extras,
            specifier=str(parsed.specifier),
            marker=marker,
            hashes=hashes,
            asked=asked,
        )
    return Direct(
        kind=kind_of(parsed.url, base),
        place=_place(parsed.url, base),
        name=canonicalize_name(parsed.name),
        extras=extras,
        marker=marker,
        hashes=hashes + _fragment_hashes(parsed.url),
        asked=asked,
    )


def kind_of(place: str, base: str = "") -> DirectKind:
    """What an address or a path leads to."""
    scheme = _scheme(place)
    if "+" in scheme or scheme in VCS:
        return DirectKind.VCS
    path = local_path(place) if scheme == "file" else "" if scheme else os.path.join(base, place)  # noqa: PTH118
    if path and os.path.isdir(path):  # noqa: PTH112 - may hold NUL
        return DirectKind.FOLDER
    return DirectKind.ARCHIVE


def _direct(
    text: str, asked: Asked, hashes: tuple[str, ...], base: str, *, is_editable: bool
) -> Direct | None:
    """The requirement when it is an address or looks like a path, as pip has it."""
    place, _, marker = text.partition("; " if _scheme(text) else ";")
    place, marker = place.strip(), marker.strip()
    name, extras = _egg(place)
    if not _scheme(place) and place.endswith("]") and place.find("[") > 0:
        place, _, inner = place[:-1].rpartition("[")
        extras = _names(inner)
    if not (is_editable or _scheme(place) or _is_path(place)):
        return None
    return Direct(
        kind=kind_of(place, base),
        place=_place(place, base),
        name=name,
        extras=extras,
        marker=_checked(marker),
        hashes=hashes + _fragment_hashes(place),
        asked=asked,
    )


def _is_path(text: str) -> bool:
    return os.sep in text or text.startswith(".") or text.lower().endswith(ARCHIVES)


def _scheme(text: str) -> str:
    found = _SCHEME.match(text.strip())
    return (found["scheme"] or "file").lower() if found else ""


def _place(text: str, base: str) -> str:
    if _scheme(text) == "file":
        return local_path(text.partition("#")[0]) or text
    return text if _scheme(text) else os.path.abspath(os.path.join(base, text))  # noqa: PTH100, PTH118


def _egg(address: str) -> tuple[str, tuple[str, ...]]:
    found = _EGG.search(address)
    if found is None:
        return "", ()
    return canonicalize_name(unquote(found["name"])), _names(found["extras"] or "")


def _names(text: str) -> tuple[str, ...]:
    return tuple(sorted(name.strip() for name in text.split(",") if name.strip()))


def _fragment_hashes(address: str) -> tuple[str, ...]:
    """``#sha256=...`` behind an address, with the algorithms that pip takes there."""
    try:
        fragment = urlsplit(address).fragment
    except ValueError:
        return ()
    found = re.findall(r"(?:^|&)(sha512|sha384|sha256|sha224|sha1|md5)=([0-9a-fA-F]+)", fragment)
    return tuple(f"{algorithm}:{value.lower()}" for algorithm, value in found)


def _checked(marker: str) -> str:
    if not marker:
        return ""
    try:
        return str(Marker(marker))
    except InvalidMarker as error:
        raise BadRequirementError(f"the marker cannot be read: {_first(error)}") from None
    except RecursionError:
        raise BadRequirementError(DEEP) from None


def _explained(text: str, error: InvalidRequirement) -> str:
    if re.match(r"^\s*[\w.-]+\s*=[^=]", text):
        return "'=' is no operator here, '==' is"
    return f"this is no requirement: {_first(error)}"


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
