"""The end of an extraction: what it holds lets go of each other."""

from __future__ import annotations

from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine


def release(machine: Machine, *modules: Activation) -> None:
    """Undo what holds itself, so that the trees are freed now and not when cycles are looked for.

    ``modules`` are the runs of the bodies of files. Nothing can be asked of the machine afterwards but
    its record.
    """
    for function in machine.functions:
        function.closure.clear()
        function.defaults.clear()
        function.fields.clear()
    for owner in machine.classes:
        owner.attributes.clear()
        owner.fields.clear()
    for module in modules:
        module.clear()
    machine.results.clear()
    machine.returned.clear()
