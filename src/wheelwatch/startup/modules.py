"""Which file a module name finds in one folder of the import path, in every form that CPython knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

import msgspec

from wheelwatch.model import SUPPORTED_PYTHONS, Version
from wheelwatch.startup.layout import Layout, Located


class Form(IntEnum):
    """The forms of a module, in the order in which ``FileFinder`` tries them."""

    NATIVE = 0
    SOURCE = 1
    BYTECODE = 2


class Found(msgspec.Struct, frozen=True):
    """One file that a name leads to.

    ``platforms`` is the subset of ``{"posix", "windows"}`` on which it does, and ``is_partial`` tells
    that only some machines of them take it (a triplet in its suffix).
    """

    located: Located
    form: Form
    pythons: tuple[Version, ...]
    platforms: frozenset[str]
    is_package: bool = False
    is_partial: bool = False


EVERYWHERE = frozenset({"posix", "windows"})
POSIX = frozenset({"posix"})
WINDOWS = frozenset({"windows"})

_TAGGED = re.compile(r"(?:cpython-|cp)(?P<major>3)(?P<minor>\d{1,2})[td]*(?:-[\w-]+)?\.(?P<end>so|pyd)")
# abi3t and abi3 with a triplet came with 3.15.
_STABLE_NEW = re.compile(r"abi3t\.so|abi3t?-[\w-]+\.so")


def forms(layout: Layout, root: str, folder: str, name: str) -> list[Found]:
    """Every file that ``import name`` could take from this folder, the preferred form first."""
    inside = layout.inside(root, f"{folder}/{name}" if folder else name)
    package = sorted(_files(inside, "__init__", is_package=True), key=lambda found: found.form)
    plain = sorted(_files(layout.inside(root, folder), name), key=lambda found: found.form)
    return package + plain


def taken(
    found: list[Found], python: Version, left: frozenset[str]
) -> tuple[list[tuple[Found, frozenset[str]]], frozenset[str]]:
    """Those that really run on one version, each with its platforms, and the platforms that search on."""
    used: list[tuple[Found, frozenset[str]]] = []
    for one in found:
        if python not in one.pythons or not one.platforms & left:
            continue
        used.append((one, one.platforms & left))
        if not one.is_partial:
            left -= one.platforms
    return used, left


def zipped(found: list[Found]) -> list[Found]:
    """The same for a zip: no native modules, and bytecode before source, unless its time is wrong."""
    kept = [
        msgspec.structs.replace(one, is_partial=one.form is Form.BYTECODE)
        for one in found
        if one.form is not Form.NATIVE
    ]
    return sorted(kept, key=lambda one: (not one.is_package, -one.form))


def _files(members: list[Located], stem: str, *, is_package: bool = False) -> Iterator[Found]:
    lead = stem + "."
    for located in members:
        if not located.name.startswith(lead):
            continue
        shape = _shape(located.name[len(lead) :])
        if shape is None:
            continue
        form, pythons, platforms, is_partial = shape
        yield Found(
            located,
            form,
            tuple(version for version in pythons if version in located.pythons),
            platforms & WINDOWS if located.is_windows else platforms,
            is_package,
            is_partial,
        )


def _shape(suffix: str) -> tuple[Form, tuple[Version, ...], frozenset[str], bool] | None:
    """What the part after ``sitecustomize.`` means: form, versions, platforms, whether partial."""
    match suffix:
        case "py":
            return Form.SOURCE, SUPPORTED_PYTHONS, EVERYWHERE, False
        case "pyw":
            return Form.SOURCE, SUPPORTED_PYTHONS, WINDOWS, False
        case "pyc":
            return Form.BYTECODE, SUPPORTED_PYTHONS, EVERYWHERE, False
        case "so" | "abi3.so":
            return Form.NATIVE, SUPPORTED_PYTHONS, POSIX, False
        case "pyd":
            return Form.NATIVE, SUPPORTED_PYTHONS, WINDOWS, False
        case "fwork":
            return Form.NATIVE, SUPPORTED_PYTHONS, POSIX, True
    if _STABLE_NEW.fullmatch(suffix):
        return Form.NATIVE, ("3.15",), POSIX, True
    return _tagged(suffix)


def _tagged(suffix: str) -> tuple[Form, tuple[Version, ...], frozenset[str], bool] | None:
    match = _TAGGED.fullmatch(suffix)
    if match is None:
        return None
    version = f"3.{match['minor']}"
    pythons = (version,) if version in SUPPORTED_PYTHONS else ()
    return Form.NATIVE, pythons, POSIX if match["end"] == "so" else WINDOWS, True
