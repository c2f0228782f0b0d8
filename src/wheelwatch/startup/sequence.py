"""The boot sequence: the entries of a surface in the order in which each Python runs them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wheelwatch.model import SUPPORTED_PYTHONS, StartupEntry, StartupKind, TargetSet, Version
from wheelwatch.startup.dialects import dialects
from wheelwatch.startup.surface import Surface


class Phase(StrEnum):
    """A stage of the start, in the order of the stages."""

    INTERPRETER = "interpreter"
    """Files that decide or replace what is started: ``bin/python._pth``, ``lib/python312.zip``."""
    SITE = "site"
    """Up to 3.14: lines of ``.pth`` files, paths and imports as they come."""
    PATHS = "paths"
    """3.15: path lines of all site directories."""
    IMPORTS = "imports"
    """3.15: import lines of all site directories."""
    STARTS = "starts"
    """3.15: entry points of all ``.start`` files."""
    SITECUSTOMIZE = "sitecustomize"
    USERCUSTOMIZE = "usercustomize"
    LATER = "later"
    """When a module of the standard library, or a tool, first asks for it."""


class Boot(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the start of one Python version."""

    python: Version
    phase: Phase
    entry: StartupEntry
    root: str
    """The site directory, as in `Distribution.root`."""


_EARLY = {
    StartupKind.PTH_PATH: Phase.SITE,
    StartupKind.PTH_IMPORT: Phase.SITE,
    StartupKind.START: Phase.STARTS,
    StartupKind.SITECUSTOMIZE: Phase.SITECUSTOMIZE,
    StartupKind.APPORT: Phase.SITECUSTOMIZE,
    StartupKind.USERCUSTOMIZE: Phase.USERCUSTOMIZE,
    StartupKind.SQUAT: Phase.LATER,
    StartupKind.PREFIX: Phase.INTERPRETER,
}
_DEFERRED = _EARLY | {
    StartupKind.PTH_PATH: Phase.PATHS,
    StartupKind.PTH_IMPORT: Phase.IMPORTS,
}
_OF_TOOLS = frozenset({"activation", "installer", "pip-config", "ipython", "jupyter"})
"""Files of the prefix that no interpreter looks at before a tool does."""

_ORDER = {phase: place for place, phase in enumerate(Phase)}


def sequence(target: TargetSet, surface: Surface) -> tuple[Boot, ...]:
    """Every step of every supported version, the versions oldest first, each in its own order."""
    return tuple(boot for python in SUPPORTED_PYTHONS for boot in _sequence(target, surface, python))


def _sequence(target: TargetSet, surface: Surface, python: Version) -> list[Boot]:
    phases = _DEFERRED if dialects(python)[-1].defers else _EARLY
    steps = [
        Boot(
            python=python,
            phase=Phase.LATER if _is_of_tool(entry) else phases[entry.kind],
            entry=entry,
            root=target.distributions[entry.distribution].root,
        )
        for entry in surface.entries
        if python in entry.pythons
    ]
    # Stable: within a phase the surface's own order holds.
    return sorted(steps, key=lambda boot: _ORDER[boot.phase])


def _is_of_tool(entry: StartupEntry) -> bool:
    return entry.kind is StartupKind.PREFIX and entry.target in _OF_TOOLS
