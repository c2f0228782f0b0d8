"""Code is made to run in child processes.

Why it matters: os.register_at_fork runs code in every child process and in its parent, and cannot
be taken back. LD_PRELOAD, PYTHONPATH, PYTHONSTARTUP and the like in os.environ make every child load
and run something before its own first line, other programs than Python among them.

When it is fine: to renew locks, random state or connections of the package itself after a fork; a
variable for one child that the package starts itself.

Instead: check os.getpid() where it matters, or start processes with spawn; the env argument of the
one process that needs the variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, Reached, RuleId
from wheelwatch.rules.hit import Hit, describe, of_site

ID = RuleId("hook-fork")
KINDS = (Kind.FORK,)


PLANTED = frozenset(
    {"LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"}
    | {"PYTHON_PRESITE", "PYTHONUSERBASE", "PYTHONPLATLIBDIR", "PYTHONBREAKPOINT", "PYTHONEXECUTABLE"}
    | {"PYTHONPYCACHEPREFIX", "_PYTHON_SYSCONFIGDATA_NAME", "BASH_ENV"}
)
"""Variables that make a child run code of somebody's choice."""


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    for reached in package.of(*KINDS):
        verb = (
            "plants a variable in child processes" if _is_planted(reached) else "registers code for forks"
        )
        yield of_site(reached, describe(reached, verb), "children" if _is_planted(reached) else None)


def _is_planted(reached: Reached) -> bool:
    return reached.site.detail in PLANTED and reached.site.api.startswith("os.environ[")
