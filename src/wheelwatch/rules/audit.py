"""An audit hook is added.

Why it matters: An audit hook is told of every audited action of the process (opened files, sockets,
subprocesses, compiled code), may stop it by raising, and can never be removed.

When it is fine: in a sandbox or a security agent that the application starts itself; some libraries
guard against their own misuse with one.

Instead: let the application add the hook, not a library at import. To block system calls use the
operating system (seccomp, containers): Python code can avoid audit events.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-audit")
KINDS = (Kind.AUDIT,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "adds an audit hook", *KINDS)
