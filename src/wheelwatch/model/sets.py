"""Distributions, the sets that one interpreter would see, and what starts in them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wheelwatch.model.files import Member, NotAnalysed
from wheelwatch.model.words import SUPPORTED_PYTHONS, PackageKind, Version


class ArchiveIssue(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a container or its RECORD that a rule judges.

    ``issue`` is a member of the closed list in ``archive``: ``duplicate``, ``climbing``, ...
    """

    issue: str
    path: str
    """Install place, else stored name, that the issue is about; empty for the whole archive."""
    detail: str


class EntryPoint(msgspec.Struct, frozen=True):
    """One entry of ``entry_points.txt``: group, name and ``module:attribute`` value."""

    group: str
    name: str
    value: str


class BuildRoot(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a source tree that a build executes, and what is called of it then."""

    path: str
    """As `Member.path` gives it."""
    by: str = ""
    """Path of the file that names it; empty where its own name says it (``setup.py``)."""
    line: int = 0
    what: str = ""
    """How it is named there: ``build-backend = "backend"``."""
    calls: tuple[str, ...] = ()
    """Functions and methods, by their names in the file."""
    interface: str = ""
    """Last name of a class whose subclasses in the file are made; ``calls`` are their methods then."""
    is_main: bool = False
    """It runs as a script."""


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """One distribution as its container shows it, before any judgement.

    ``root`` is the site directory (as given or found) against which places are relative; archives of
    one run share the empty root, as if installed side by side.
    """

    name: str
    version: str
    kind: PackageKind
    location: str
    sha256: str | None
    members: tuple[Member, ...]
    root: str = ""
    requires_python: str = ""
    tags: tuple[str, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    issues: tuple[ArchiveIssue, ...] = ()
    not_analysed: tuple[tuple[Member, NotAnalysed], ...] = ()
    """Members whose bytes are known to be out of reach before any analysis (encrypted, special)."""
    pythons: tuple[Version, ...] = SUPPORTED_PYTHONS
    """The versions that count for it."""
    requires: tuple[str, ...] | None = ()
    """``Requires-Dist`` as written; ``None`` where only a build would tell."""
    build: tuple[BuildRoot, ...] = ()
    """What a build of a source tree executes."""
    build_folders: tuple[str, ...] = ()
    """Folders of the tree that a build puts on the import path, with a final ``/``; empty for the top."""


class TargetSet(msgspec.Struct, frozen=True, kw_only=True):
    """What one interpreter would see: distributions and the roots of its import path, in order."""

    label: str
    distributions: tuple[Distribution, ...]
    roots: tuple[str, ...] = ("",)
    site_roots: tuple[str, ...] = ("",)
    """Those of ``roots`` that are site directories, whose ``.pth`` and ``.start`` files are read."""
    is_own: bool = False
    """It is the environment that runs wheelwatch."""


class StartupKind(StrEnum):
    """The form of one startup entry."""

    PTH_IMPORT = "pth-import"
    PTH_PATH = "pth-path"
    START = "start"
    SITECUSTOMIZE = "sitecustomize"
    USERCUSTOMIZE = "usercustomize"
    APPORT = "apport-python-hook"
    SQUAT = "squatted-name"
    PREFIX = "prefix-file"
    """Interpreter and tool files outside site-packages: ``lib/python312.zip``, ``bin/python._pth``."""


class StartupEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an interpreter runs or obeys unasked.

    ``code`` is the virtual member that holds the executed line of a ``.pth`` (its positions are those
    of the file); ``target`` the ``module:attribute`` of a ``.start`` line, the module of a customize
    file, or the folder or zip (install place) of a path line.
    """

    kind: StartupKind
    distribution: int
    """Index into ``TargetSet.distributions``."""
    member: Member
    line: int
    text: str
    pythons: tuple[Version, ...]
    """Versions on which it takes effect, on at least one released micro of each."""
    code: Member | None = None
    target: str = ""
    silences: str = ""
    """Place of the ``.pth`` whose import lines a ``.start`` switches off."""
    detail: str = ""
