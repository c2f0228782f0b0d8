"""Which of two ways to a site is the stronger one, and in which order sites stand."""

from __future__ import annotations

from wheelwatch.model import Reached, Trigger
from wheelwatch.reach.guards import is_excused

STRENGTH = {trigger: place for place, trigger in enumerate(Trigger)}


def rank(reached: Reached) -> tuple[int, bool, bool, int]:
    """Low is strong: the trigger, then a way that nothing excuses, then the shorter chain."""
    is_known = reached.known is not None
    return STRENGTH[reached.trigger], is_known, is_excused(reached.guard), len(reached.chain)


def order(reached: Reached) -> tuple[str, int, int, str]:
    """By place."""
    return reached.member.path, reached.site.line, reached.site.column, reached.site.api
