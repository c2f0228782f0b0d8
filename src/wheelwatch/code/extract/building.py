"""Command classes that ``setup.py`` hands to its build: a build makes objects of them and runs them."""

from __future__ import annotations

from wheelwatch.catalogue.commands import COMMANDS
from wheelwatch.code.extract import calls
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model
from wheelwatch.code.extract.names import canonical
from wheelwatch.code.extract.values import ANY, Atom, Box, Class, Ext, Function
from wheelwatch.model import EdgeKind, Ref

METHODS = ("__init__", "__new__", "initialize_options", "finalize_options", "run")
"""What a build calls of a command."""

GRANTED = 64
"""Classes of one call that are looked at."""


@model("setuptools.setup", "setuptools.core.setup", "distutils.core.setup")
def _setup(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """``setup(cmdclass={"build_py": Build})``, and a ``distclass``."""
    found = [atom for box in call.keywords.get("cmdclass", ()) for atom in _run_by_builds(box)]
    found += call.keywords.get("distclass", ())
    for atom in found[:GRANTED]:
        for name in METHODS:
            _call(machine, act, call, atom, name)
    calls.escape(machine, act, call)
    call.cell.add(ANY)


def _run_by_builds(box: Atom) -> list[Atom]:
    """The classes of a table that are run for a build, those under names that are not known among them."""
    if not isinstance(box, Box):
        return []
    found = [
        atom
        for key, value in box.items.items()
        if not isinstance(key, str) or key in COMMANDS
        for atom in value
    ]
    return [*found, *box.rest]


def _call(machine: Machine, act: Activation, call: Call, atom: Atom, name: str) -> None:
    if isinstance(atom, Class):
        for one in calls.atom_lookup(atom, name):
            if isinstance(one, Function):
                machine.record.edge(act, call.node, EdgeKind.CALL, Ref(scope=one.scope))
    elif isinstance(atom, Ext) and atom.name.strip("._*"):
        machine.record.edge(act, call.node, EdgeKind.CALL, Ref(name=f"{canonical(atom.name)}.{name}"))
