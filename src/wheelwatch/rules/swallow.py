"""An exception hook says nothing.

Why it matters: sys.excepthook, threading.excepthook and sys.unraisablehook report what nobody caught.
A hook that neither prints nor calls what was there before makes every crash silent, its own included.

When it is fine: in a test that provokes the exception.

Instead: call the hook that was there before, or sys.__excepthook__.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Deed, Kind, LinkedPackage, RuleId
from wheelwatch.rules.conduct import of, who
from wheelwatch.rules.hit import Hit, of_callback

ID = RuleId("callback-swallow")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every exception hook that calls nothing and raises nothing."""
    for reached in package.sites:
        conduct = reached.conduct
        if conduct is None or reached.site.kind is not Kind.EXCEPTION:
            continue
        if of(conduct, Deed.SILENT) and not of(conduct, Deed.LEADS):
            yield of_callback(reached, f"{who(conduct)} swallows every exception", "callback-swallow")
