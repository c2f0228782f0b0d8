"""Files that are read together, as one import would run them, and what they say only together."""

from __future__ import annotations

import msgspec

from wheelwatch.model.facts import Edge, Scope, Site
from wheelwatch.model.files import Member
from wheelwatch.model.sets import EntryPoint


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a group with the names under which the set imports it."""

    member: Member
    names: tuple[str, ...]
    """Dotted and absolute; empty for the line of a startup file."""
    is_package: bool = False


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Files whose values flow into each other. What they say together depends on nothing else."""

    files: tuple[Placed, ...]
    roots: tuple[int, ...]
    """Those that are imported or executed, in this order."""
    mains: tuple[int, ...] = ()
    """Roots that run as scripts."""
    calls: tuple[str, ...] = ()
    """What a host calls after that, as ``module:attribute``."""
    points: tuple[EntryPoint, ...] = ()
    """Entry points that code of the group may load."""


class Joint(msgspec.Struct, frozen=True, kw_only=True, tag="joint"):
    """What a group says: scopes, edges and sites as in facts, but over all of its files.

    Indexes are into ``scopes``; ``owners`` holds for each scope the index of its file, -1 for code that
    stands in none. A scope may be one that the facts of the file do not know.
    """

    owners: tuple[int, ...] = ()
    scopes: tuple[Scope, ...] = ()
    edges: tuple[Edge, ...] = ()
    sites: tuple[Site, ...] = ()
    notes: tuple[str, ...] = ()
