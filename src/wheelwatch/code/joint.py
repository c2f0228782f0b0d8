"""From the bytes of several files to what they say only together."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import msgspec

from wheelwatch.code.analysis import SITE_NAMES
from wheelwatch.code.extract import together
from wheelwatch.code.parse import parse
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import Edge, Group, Joint, NotAnalysed, Reason, Scope, Site


def join(
    data: Sequence[bytes | NotAnalysed], group: Group, limits: Limits = DEFAULT
) -> Joint | NotAnalysed:
    """What the files of a group say together: a pure function of their bytes and names, never raises.

    ``data`` stands in the order of the group's files; what could not be read is passed as such.
    """
    try:
        files = [parse(one, limits) if isinstance(one, bytes) else one for one in data]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = together(files, group, limits, names=SITE_NAMES)
    except MemoryError:
        return NotAnalysed(reason=Reason.OUT_OF_MEMORY, detail="no memory left while analysing")
    except Exception as problem:  # noqa: BLE001 - files that fail together cost their links only
        what = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
        return NotAnalysed(reason=Reason.INTERNAL, detail=what)
    first = [placed.member.first_line for placed in group.files]
    return _shift(found, first) if any(line != 1 for line in first) else found


def _shift(found: Joint, first: Sequence[int]) -> Joint:
    """Lines as the enclosing files count them."""
    more = [first[owner] - 1 if owner >= 0 else 0 for owner in found.owners]

    def scope(number: int, row: Scope) -> Scope:
        return msgspec.structs.replace(row, line=row.line + more[number])

    def edge(row: Edge) -> Edge:
        return msgspec.structs.replace(row, line=row.line + more[row.scope])

    def site(row: Site) -> Site:
        return msgspec.structs.replace(row, line=row.line + more[row.scope])

    return msgspec.structs.replace(
        found,
        scopes=tuple(scope(number, row) for number, row in enumerate(found.scopes)),
        edges=tuple(map(edge, found.edges)),
        sites=tuple(map(site, found.sites)),
    )
