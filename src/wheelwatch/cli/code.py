"""The one table of exit codes."""

from __future__ import annotations

from wheelwatch.model import Outcome

OF_OUTCOME = {
    Outcome.PASS: 0,
    Outcome.FAIL: 1,
    Outcome.INCOMPLETE: 2,
    Outcome.EMPTY: 3,
}
OK = 0
NOT_DONE = 2
"""Bad usage, an abort, an uncaught error, output that nobody read before a verdict."""
INTERRUPTED = 130
