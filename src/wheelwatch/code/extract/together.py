"""What the files of a group say together, run as one import would run them."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Mapping, Sequence

from wheelwatch.code.extract import stubs
from wheelwatch.code.extract.ending import release
from wheelwatch.code.extract.library import Book, Library
from wheelwatch.code.extract.machine import IMPORTING, Machine
from wheelwatch.code.extract.record import Record, Source
from wheelwatch.code.extract.reflection import docstring
from wheelwatch.code.parse import parse_text
from wheelwatch.code.parsed import Parsed
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import Group, Joint, NotAnalysed

FUEL, MOST = 15_000, 400_000
"""Work items that each file of a group adds to those of one file, and the most that they come to."""


def together(
    files: Sequence[Parsed | NotAnalysed],
    group: Group,
    limits: Limits = DEFAULT,
    *,
    names: Mapping[str, str],
) -> Joint:
    """What the files of a group say together; ``files`` are those of ``group``, in its order.

    Every root is imported, and with it what it imports. Nothing else is done: functions that this does not
    call are the business of `facts`. ``names`` are bound before the first statement of a startup line.
    """
    texts = [unicodedata.normalize("NFKC", one.text) for one in files if isinstance(one, Parsed)]
    machine = Machine(Record(limits), limits, "\n".join([*texts, *names.values()]))
    machine.fuel = min(IMPORTING + FUEL * len(files), MOST)
    owners: dict[int, int] = {}
    books = [_book(machine, number, parsed, group, owners, names) for number, parsed in enumerate(files)]
    books.append(_stub(machine, group, owners))
    machine.library = library = Library(books)
    for root in (*group.roots, len(books) - 1):
        library.start(machine, root)
        machine.drain()
    release(machine, *library.opened())
    return _joint(machine.record, owners)


def _joint(record: Record, owners: dict[int, int]) -> Joint:
    for scope, known in enumerate(record.scopes):
        owners.setdefault(scope, owners.get(known.parent, -1))
    return Joint(
        owners=tuple(owners[scope] for scope in range(len(record.scopes))),
        scopes=tuple(record.scopes),
        edges=tuple(sorted(record.edges.values(), key=lambda edge: (edge.scope, edge.line, edge.column))),
        sites=tuple(
            sorted(record.sites.values(), key=lambda site: (site.scope, site.line, site.column, site.api))
        ),
        notes=tuple(record.notes),
    )


def _book(
    machine: Machine,
    number: int,
    parsed: Parsed | NotAnalysed,
    group: Group,
    owners: dict[int, int],
    names: Mapping[str, str],
) -> Book:
    """One file of the group; one that cannot be read is empty."""
    placed = group.files[number]
    text = parsed.text if isinstance(parsed, Parsed) else ""
    body = parsed.tree.body if isinstance(parsed, Parsed) else []
    return Book(
        body=body,
        scope=_open(machine, text, body, owners, number),
        names=placed.names,
        is_package=placed.is_package,
        doc=docstring(parsed.tree) if isinstance(parsed, Parsed) else (),
        is_main=number in group.mains,
        is_futuristic=isinstance(parsed, Parsed) and is_futuristic(parsed.tree),
        bound=names if not placed.names else {},
    )


def _stub(machine: Machine, group: Group, owners: dict[int, int]) -> Book:
    """Code that stands in no file: what a host calls, and the modules that know of entry points."""
    parsed = parse_text(stubs.source(group), machine.limits)
    text, body = (parsed.text, parsed.tree.body) if isinstance(parsed, Parsed) else ("", [])
    scope = _open(machine, text, body, owners, -1)
    return Book(body=body, scope=scope, names=stubs.NAMES, is_package=False)


def _open(
    machine: Machine, text: str, body: Sequence[ast.stmt], owners: dict[int, int], number: int
) -> int:
    """The scopes of one file, in source order; that of its body is given back."""
    source = Source(text, machine.limits.snippet)
    scope = machine.record.scope("<module>", None, -1, source, None)
    owners[scope] = number
    machine.survey(body, scope, source, None)
    return scope


def is_futuristic(tree: ast.Module) -> bool:
    """Whether annotations of a file are never evaluated by themselves."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(a.name == "annotations" for a in node.names)
        for node in tree.body[:50]
    )
