"""A process is started.

Why it matters: A child process is out of sight of every hook of the interpreter. At startup it
starts with each Python process; if it is Python itself, it starts itself again and again.

When it is fine: inside functions of tools that say so. Builds that call a compiler show it as
install.

Instead: a function that the user calls; for build steps a declared build backend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, Reached, RuleId, Trigger
from wheelwatch.rules.hit import Hit, describe, of_site

ID = RuleId("payload-process")
KINDS = (Kind.PROCESS,)

COMPANY = frozenset(
    {Kind.NETWORK, Kind.CREDENTIALS, Kind.STARTUP_WRITE, Kind.DECODE_RUN, Kind.DYNAMIC_CODE}
)
"""What makes a process start worse when it runs in the same file."""

TELLING = re.compile(
    r"https?:|ftp:|curl|wget|base64|b64|sys\.executable|python|perl|ruby|node|powershell|cmd */c"
    r"|\bsh\b|bash|nohup|\bnc\b|ssh|/dev/|/tmp|\.exe|eval|exec|chr\(|decode|environ|shell *= *True",
    re.IGNORECASE,
)
"""Words of a command line that is more than a question to a compiler or the system."""


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every process start."""
    loaded = {
        reached.member.path
        for reached in package.sites
        if reached.site.kind in COMPANY and reached.trigger is not Trigger.CALL
    }
    for reached in package.of(*KINDS):
        row = "payload-aside" if _is_plain(reached) and reached.member.path not in loaded else None
        yield of_site(reached, describe(reached, "starts a process"), row)


def _is_plain(reached: Reached) -> bool:
    """Whether only an inner module's import starts it, and nothing in its words tells of more."""
    site = reached.site
    is_plain = reached.is_aside and reached.trigger is Trigger.IMPORT and not site.obfuscated
    return is_plain and not TELLING.search(f"{site.snippet} {site.detail}")
