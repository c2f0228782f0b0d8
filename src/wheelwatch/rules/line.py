"""A line of a .pth file is executed at every start of the interpreter.

Why it matters: the site module executes each line of a .pth file that begins with ``import``,
before the first line of every program, in every process of the environment, also under ``-I`` and
``-E``. Only ``-S`` stops it. In March 2026 one such line in litellm 1.82.8 stole credentials from
every Python process.

When it is fine: when the line is a known one (setuptools, virtualenv, coverage, editable installs),
owned by its distribution and calling the unchanged module that belongs to it; such lines are listed
as info.

Instead: an entry point or an explicit call in the program; a ``.pth`` with path lines only.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedEntry, LinkedPackage, RuleId, StartupKind
from wheelwatch.rules.hit import Hit, of_entry
from wheelwatch.rules.leading import elsewhere
from wheelwatch.rules.unread import compiled

ID = RuleId("startup-line")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every executed line, never folded per file."""
    for linked in package.entries:
        if linked.entry.kind is StartupKind.PTH_IMPORT:
            foreign = _foreign(linked, package)
            message = _message(linked, package) + elsewhere(linked, package)
            if foreign:
                message += f"; it loads {foreign}, which is compiled and belongs to somebody else"
            yield of_entry(linked, message, "unread-start" if foreign else "line")


def _foreign(linked: LinkedEntry, package: LinkedPackage) -> str:
    """A compiled module of another distribution that the line names; empty when there is none."""
    own = {member.path for member in package.distribution.members}
    return next((path for path in compiled(linked) if path not in own), "")


def _message(linked: LinkedEntry, package: LinkedPackage) -> str:
    entry = linked.entry
    text = f"line {entry.line} of {entry.member.path} is executed at every start of the interpreter"
    if linked.missing:
        text += f"; nobody here ships {', '.join(linked.missing)}"
    own = {member.path for member in package.distribution.members}
    if linked.modules and own.isdisjoint(linked.modules):
        text += (
            f"; {package.distribution.name} ships none of the modules that it runs ({linked.modules[0]})"
        )
    return text + (f"; {entry.detail}" if entry.detail else "")
