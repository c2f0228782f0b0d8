"""A customize module runs at every start of the interpreter.

Why it matters: ``sitecustomize`` and ``usercustomize`` are imported by the site module before the
first line of every program, in whatever form they come: source, package, bytecode, native module.
On Debian and Ubuntu ``apport_python_hook`` is imported likewise.

When it is fine: when the administrator of the environment has written it. Packages should not ship
one.

Instead: an entry point, a launcher that sets PYTHONPATH for one child process, or an explicit call.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId, StartupKind
from wheelwatch.rules.hit import Hit, of_entry
from wheelwatch.rules.leading import elsewhere

ID = RuleId("startup-module")
FORMS = frozenset({StartupKind.SITECUSTOMIZE, StartupKind.USERCUSTOMIZE, StartupKind.APPORT})


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every customize module."""
    for linked in package.entries:
        entry = linked.entry
        if entry.kind in FORMS:
            message = (
                f"{entry.member.path} is imported at every start of the interpreter as {entry.kind.value}"
            )
            message += f"; {entry.detail}" if entry.detail else ""
            yield of_entry(linked, message + elsewhere(linked, package), "line")
