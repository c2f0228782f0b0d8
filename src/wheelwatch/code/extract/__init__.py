"""What one parsed file says, by abstract interpretation without recursion."""

from __future__ import annotations

import ast
import unicodedata
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from wheelwatch.code.extract import (
    branches,
    building,
    callers,
    classes,
    conduct,
    containers,
    definitions,
    expressions,
    imports,
    light,
    loaders,
    lookups,
    loops,
    makers,
    models,
    operators,
    sources,
    statements,
    transforms,
)
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.anchors import ANCHORS, counts, wants
from wheelwatch.code.extract.ending import release
from wheelwatch.code.extract.escaping import escaping
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.record import Record, Source
from wheelwatch.code.extract.reflection import docstring
from wheelwatch.code.extract.relevance import Relevance, is_dynamic
from wheelwatch.code.extract.together import is_futuristic, together
from wheelwatch.code.extract.values import Ext
from wheelwatch.code.parsed import Parsed
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import SUPPORTED_PYTHONS, FileFacts

__all__ = ["ANCHORS", "counts", "facts", "together", "wants"]

_MODULES = (
    branches,
    building,
    callers,
    classes,
    containers,
    definitions,
    expressions,
    loaders,
    imports,
    lookups,
    loops,
    makers,
    models,
    operators,
    sources,
    statements,
    transforms,
)
"""Modules that register what they handle when they are imported."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})


def facts(parsed: Parsed, limits: Limits = DEFAULT, *, names: Mapping[str, str] = NO_NAMES) -> FileFacts:
    """The facts of one file, a pure function of its tree and text.

    ``names`` are bound before its first statement, each to a dotted name.

    Lines and columns count from 1, in code points. Work beyond one run of every scope is bounded; what
    a bound cut off is named in ``notes``.
    """
    record = Record(limits)
    source = Source(parsed.text, limits.snippet)
    record.scope("<module>", None, -1, source, None)
    machine = Machine(record, limits, "\n".join([_normal(parsed.text), *names.values()]))
    machine.is_dynamic = is_dynamic(parsed.text)
    machine.is_futuristic = is_futuristic(parsed.tree)
    machine.survey(parsed.tree.body, 0, source, None)
    module = Activation(0, "module", None, guards=(), pythons=SUPPORTED_PYTHONS)
    module.bind("__doc__", docstring(parsed.tree))
    for name, outer in names.items():
        module.bind(name, (Ext(outer),))
    module.work.extend(reversed(parsed.tree.body))
    machine.start(module)
    machine.drain()
    relevance = Relevance(parsed.text, module.everything)
    machine.finish_import(relevance.wants)
    _run_functions(machine, relevance)
    record.bind(0, module.everything)
    for owner in machine.classes:
        record.bind(owner.scope, owner.attributes)
        record.bind(owner.scope, owner.fields)
        record.carry(owner.scope, owner.attributes)
        record.carry(owner.scope, owner.fields)
    record.carry(0, module.everything)
    for node, value in machine.returned.items():
        record.give_back(machine.scope_of[node], value)
    found = FileFacts(
        sha256=parsed.sha256,
        scopes=tuple(record.scopes),
        edges=tuple(sorted(record.edges.values(), key=lambda edge: (edge.line, edge.column, edge.scope))),
        sites=tuple(
            sorted(record.sites.values(), key=lambda site: (site.line, site.column, site.scope, site.api))
        ),
        bindings=tuple(record.bindings),
        escaping=escaping(machine, parsed.tree, module),
        notes=tuple(record.notes),
        acts=conduct.acts(machine, parsed.tree, parsed.text),
    )
    release(machine, module)
    return found


def _normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _run_functions(machine: Machine, relevance: Relevance) -> None:
    """Do every function with arguments that nothing is known of: in full, or only its calls."""
    done = 0
    counted: Counter[ast.AST] = Counter()
    while done < len(machine.functions):
        function = machine.functions[done]
        done += 1
        counted[function.node] += 1
        is_virtual = function.closure.place is not None
        if is_virtual or relevance.wants(function.node):
            machine.run_free(function)
        else:
            light.read(machine, function)
