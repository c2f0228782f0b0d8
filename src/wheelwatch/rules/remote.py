"""Code is run in another Python process.

Why it matters: sys.remote_exec (Python 3.14) makes another process of the user execute a file.

When it is fine: in a debugger that attaches to a process on the request of its user.

Instead: attach by hand (python -m pdb -p PID); forbid it in production with
PYTHON_DISABLE_REMOTE_DEBUG.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-remote-exec")
KINDS = (Kind.REMOTE_EXEC,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "runs code in another process", *KINDS)
