"""The startup surface of a set: everything that an interpreter runs or obeys unasked."""

from __future__ import annotations

import msgspec

from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import StartupEntry, TargetSet
from wheelwatch.startup.customize import Modules, asked_names, has_user_site
from wheelwatch.startup.destination import Compass
from wheelwatch.startup.dialects import EVERY, Dialect
from wheelwatch.startup.files import Read, Unread, load
from wheelwatch.startup.layout import lay_out
from wheelwatch.startup.prefix import Prefix
from wheelwatch.startup.pth import pth_entries, start_entries
from wheelwatch.startup.route import Routes, route


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """What starts, and which startup files could not be read in full (with their distribution's index)."""

    entries: tuple[StartupEntry, ...]
    not_analysed: tuple[Unread, ...] = ()


def surface(
    target: TargetSet,
    read: Read,
    limits: Limits = DEFAULT,
    *,
    spoken: tuple[Dialect, ...] = EVERY,
) -> Surface:
    """Every startup entry of a set, with the Pythons on which it takes effect.

    ``spoken`` narrows the answer to the dialects of known releases. Entries are in the order in which
    ``site`` comes to them: by site directory, file name and line; then ``.start`` files; then modules
    that are imported by name; then files of the prefix. Never raises for what a target contains.
    """
    layout = lay_out(target)
    files = load(target, layout, read, limits)
    compass = Compass(layout, target.roots)
    paths = {dialect: route(target, files, compass, dialect) for dialect in spoken}
    modules = Modules(layout, Routes(layout, paths, asked_names()), read, limits)
    entries = (
        *pth_entries(files, compass, spoken),
        *start_entries(files, spoken),
        *modules.customize(has_user_site=has_user_site(layout, read, target.roots)),
        *modules.squatted(target.distributions),
        *Prefix(target, layout, read).entries(),
    )
    return Surface(entries=entries, not_analysed=files.not_analysed)
