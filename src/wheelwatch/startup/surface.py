"""The startup surface of a set: everything that an interpreter runs or obeys unasked."""

from __future__ import annotations

import msgspec

from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import StartupEntry, TargetSet
from wheelwatch.startup.customize import Routes, customize_entries
from wheelwatch.startup.destination import Compass
from wheelwatch.startup.files import Read, Unread, load
from wheelwatch.startup.layout import lay_out
from wheelwatch.startup.pth import pth_entries, start_entries


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """What starts, and which startup files could not be read in full (with their distribution's index)."""

    entries: tuple[StartupEntry, ...]
    not_analysed: tuple[Unread, ...] = ()


def surface(target: TargetSet, read: Read, limits: Limits = DEFAULT) -> Surface:
    """Every startup entry of a set, with the Pythons on which it takes effect.

    Files of site directories first, as ``site`` sorts them, then the modules that are imported by
    name. Never raises for what a target contains.
    """
    layout = lay_out(target)
    files = load(target, layout, read, limits)
    compass = Compass(layout, target.roots)
    routes = Routes(target, layout, files, compass)
    entries = (
        *pth_entries(files, compass),
        *start_entries(files),
        *customize_entries(routes),
    )
    return Surface(entries=entries, not_analysed=files.not_analysed)
