"""How much processor time slow files may take together, so that ten thousand of them end in bounded time.

Every file is granted what honest files of its size need; only what it takes beyond that is charged. So no
number of honest files ever uses the allowance up, however large the target and however slow the machine.
What comes after it is used up is sketched, as that costs no more than reading, but analysed no more: it is
named as too slow, with its anchors, and never taken for clean.
"""

from __future__ import annotations

from wheelwatch.engine.task import Answer, Work
from wheelwatch.limits import MIB, Limits
from wheelwatch.model import NotAnalysed, Reason, Sketch

GRANTED_SECONDS = 0.1
GRANTED_PER_MIB = 10.0
"""Several times what the slowest honest sources take."""

DEATH_SECONDS = 1.0
"""What the end of a worker is charged with at least: another one has to be started."""


class Allowance:
    """What slow files may still take, in seconds of processor time."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    @property
    def is_spent(self) -> bool:
        """Nothing is analysed any more."""
        return self.left <= 0

    def charge(self, seconds: float, size: int) -> float:
        """Notes how long a file of this size took; gives what it took beyond what it was granted."""
        excess = max(0.0, seconds - GRANTED_SECONDS - GRANTED_PER_MIB * size / MIB)
        self.left -= excess
        return excess


def refused(work: Work, sketch: Sketch | None, limits: Limits, *, is_wanted: bool) -> Answer:
    """The answer about a file that is analysed no more; its sketch is all that is known of it."""
    if work is Work.EXAMINE and not is_wanted:
        return Answer(sketch=sketch)
    detail = f"left out: other files took all of the {limits.slow_seconds:g} s that slow ones may take"
    anchors = sketch.anchors if sketch is not None else ()
    problem = NotAnalysed(reason=Reason.TOO_SLOW, detail=detail, anchors=anchors)
    return Answer(sketch=sketch, problem=problem, is_wanted=is_wanted)
