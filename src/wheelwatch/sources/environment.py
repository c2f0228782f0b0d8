"""Environments and site directories as sets: what one interpreter would see, nothing of it started."""

from __future__ import annotations

import os
import posixpath
import re
import sysconfig
from pathlib import Path

from wheelwatch.archive import Tree, library_distribution, prefix_members, read_tree
from wheelwatch.limits import Limits
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Distribution,
    Member,
    PackageKind,
    TargetSet,
    Version,
)
from wheelwatch.sources.expansion import expand
from wheelwatch.sources.layout import Environment, environments, pythons_of

_SITE = re.compile(
    r"(?P<prefix>.*)/(?:local/lib|lib|lib64|Lib)(?:/(?:python|pypy)3[\w.]*)?/(?:site|dist)-packages",
)


def environment_sets(prefix: str, location: str, limits: Limits) -> tuple[TargetSet, ...]:
    """One set for each Python that has a site directory in the prefix.

    Raises:
        TargetError: a site directory cannot be listed.
    """
    found = environments(prefix)
    return tuple(environment_set(row, _label(location, row, len(found)), location, limits) for row in found)


def _label(location: str, environment: Environment, count: int) -> str:
    return f"{location} (Python {environment.version})" if count > 1 else location


def environment_set(environment: Environment, label: str, location: str, limits: Limits) -> TargetSet:
    """The set of one environment: standard library, site directories, files of the prefix."""
    pythons = _counting(environment.version)
    found: list[Distribution] = []
    if environment.library and (
        own := library_distribution(environment.library, location, pythons, limits)
    ):
        found.append(own)
    has_all = environment.is_virtual or Path(environment.prefix, "conda-meta").is_dir()
    extras = prefix_members(environment.prefix, limits, has_all_scripts=has_all)
    for root in environment.sites:
        prefix = _prefix(root)
        tree = Tree(root=root, location=location, prefix=prefix, pythons=pythons, extras=extras)
        found += read_tree(tree, limits)
        extras = ()
    if extras:
        found.append(_bare(environment.prefix, location, pythons, extras))
    library = (environment.library,) if environment.library else ()
    target = TargetSet(
        label=label,
        distributions=tuple(found),
        roots=(*library, *environment.sites),
        site_roots=environment.sites,
        is_own=environment.is_own,
    )
    return expand(target, limits, is_on_disk=True)


def _bare(
    prefix: str, location: str, pythons: tuple[Version, ...], members: tuple[Member, ...]
) -> Distribution:
    """The files of a prefix that has no site directory to belong to."""
    return Distribution(
        name=posixpath.basename(prefix) or prefix,
        version="",
        kind=PackageKind.UNOWNED,
        location=location,
        sha256=None,
        members=members,
        root=prefix,
        pythons=pythons,
    )


def _counting(version: Version) -> tuple[Version, ...]:
    return (version,) if version in SUPPORTED_PYTHONS else SUPPORTED_PYTHONS


def _prefix(root: str) -> str:
    found = _SITE.fullmatch(root)
    return found["prefix"] if found else ""


def site_set(root: str, location: str, limits: Limits) -> TargetSet:
    """A site directory, or any folder treated as one.

    Raises:
        TargetError: it cannot be listed.
    """
    prefix = _prefix(root)
    told = environments(prefix)[0].version if prefix and Path(prefix, "pyvenv.cfg").is_file() else ""
    pythons = _counting(told) if told else pythons_of(root)
    tree = Tree(root=root, location=location, prefix=prefix, pythons=pythons)
    target = TargetSet(
        label=location,
        distributions=read_tree(tree, limits),
        roots=(root,),
        site_roots=(root,),
        is_own=_is_own_site(root),
    )
    return expand(target, limits, is_on_disk=bool(prefix))


def _is_own_site(root: str) -> bool:
    """The site directory is one of the interpreter that runs wheelwatch."""
    paths = sysconfig.get_paths()
    own = {os.path.realpath(paths[key]) for key in ("purelib", "platlib") if key in paths}
    return os.path.realpath(root) in own


def interpreter_prefix(path: str) -> str:
    """The prefix of an interpreter given by its path; links are followed only out of no environment."""
    near = posixpath.dirname(posixpath.dirname(path))
    if Path(near, "pyvenv.cfg").is_file():
        return near
    return posixpath.dirname(posixpath.dirname(os.path.realpath(path)))
