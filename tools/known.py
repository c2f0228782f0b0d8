"""Startup lines of wheels and environments as entries for ``data/known_startup.toml``, to be read by hand.

``python tools/known.py FILE.whl...`` prints one entry for each line and owner, with a digest of the
module that it calls for each release that differs. Whether the line is known, and whether its module is
excused with it, is for the reader of that module to decide.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from packaging.utils import canonicalize_name

from wheelwatch import archive, sources, startup
from wheelwatch.catalogue import known
from wheelwatch.catalogue.stdlib import is_stdlib
from wheelwatch.code import analyse, parse
from wheelwatch.code.digest import digest
from wheelwatch.limits import DEFAULT
from wheelwatch.model import (
    EdgeKind,
    Member,
    NotAnalysed,
    PackageKind,
    StartupEntry,
    StartupKind,
    TargetSet,
)

LINES = (StartupKind.PTH_IMPORT, StartupKind.START)


class Line(NamedTuple):
    """A line, who owns its file, and the module that it calls."""

    text: str
    owner: str
    module: str


class Release(NamedTuple):
    """The module in one release."""

    digest: str
    version: str


def lines(target: TargetSet) -> Iterator[tuple[Line, Release]]:
    """Every line of a set that takes effect and is called by itself, with what it calls."""
    for entry in startup.surface(
        target, lambda member: archive.read(member.source, DEFAULT), DEFAULT
    ).entries:
        if entry.kind in LINES:
            owner = target.distributions[entry.distribution]
            name = known.NONE if owner.kind is PackageKind.UNOWNED else owner.name
            text = entry.text.strip() if entry.kind is StartupKind.START else entry.text.rstrip()
            module, found = _resolved(target, _called(entry))
            yield Line(text, canonicalize_name(name), module), Release(found, owner.version)


def _called(entry: StartupEntry) -> str:
    """The last name that is not of the standard library, which is the one that does something."""
    if entry.kind is StartupKind.START:
        return entry.target.partition(":")[0]
    facts = analyse(entry.text.strip().encode())
    if isinstance(facts, NotAnalysed):
        return ""
    names = [edge.target.name for edge in facts.edges if edge.kind is EdgeKind.IMPORT]
    return next((name for name in reversed(names) if name and not is_stdlib(name)), "")


def _resolved(target: TargetSet, name: str) -> tuple[str, str]:
    """The module of the set that a name or its beginning is, with its digest."""
    module = name
    while module:
        stem = re.compile(rf"(.+/)?{re.escape(module.replace('.', '/'))}(/__init__)?\.py")
        for owned in target.distributions:
            for member in owned.members:
                if stem.fullmatch(member.path):
                    return module, _of(member)
        module = module.rpartition(".")[0]
    return name, ""


def _of(member: Member) -> str:
    data = archive.read(member.source, DEFAULT)
    parsed = data if isinstance(data, NotAnalysed) else parse(data, DEFAULT)
    return "" if isinstance(parsed, NotAnalysed) else digest(parsed.tree, known.constants())


def entry(line: Line, releases: list[Release]) -> str:
    """One entry as TOML; what is left to fill in is in capitals."""
    quoted = f"'''{line.text}'''" if "'''" not in line.text else f'"""{line.text}"""'
    rows = ["[[known]]", f'id = "{line.owner}"', f"line = {quoted}", f'owner = "{line.owner}"']
    if line.owner == known.NONE:
        rows.append('written_by = "WHO"')
    if line.module:
        rows += [f'module = "{line.module}"', 'token = "TOKEN"', "digests = ["]
        versions: dict[str, list[str]] = {}
        for release in releases:
            versions.setdefault(release.digest, []).append(release.version)
        rows += [
            f'  "{found or "NOT FOUND"}",  # {", ".join(dict.fromkeys(of))}'
            for found, of in versions.items()
        ]
        rows.append("]")
    return "\n".join([*rows, 'excuses = "line"', 'reference = "WHERE"', ""])


def main(targets: list[str]) -> int:
    """Print the entries of all targets, each of which is judged by itself."""
    found: dict[Line, list[Release]] = {}
    for given in targets:
        result = sources.find([given], as_=None, limits=DEFAULT)
        for failure in result.failures:
            print(f"{failure.where}: {failure.what}", file=sys.stderr)
        for target in result.sets:
            for line, release in lines(target):
                found.setdefault(line, []).append(release)
    print("\n".join(entry(line, releases) for line, releases in found.items()), end="")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
