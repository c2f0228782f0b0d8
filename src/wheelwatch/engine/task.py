"""What parent and worker say to each other: batches of sources, and what was found in each."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import msgspec

from wheelwatch.limits import Limits
from wheelwatch.model import Body, Group, NotAnalysed, Sketch, Source


class Work(StrEnum):
    """What a worker does with each source of a batch."""

    EXAMINE = "examine"
    """Sketch it, and analyse it when its anchors say that it may hold a site."""
    ANALYSE = "analyse"
    """Analyse it whatever it holds: a link of a chain, a startup line."""
    DIGEST = "digest"
    """Tell the digest of each of its code objects."""
    SEARCH = "search"
    """Tell which of the batch's tokens its text holds."""
    TOGETHER = "together"
    """Tell what the files of a group say only together."""


class Item(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One source and the line of its file at which it begins, or a group of files."""

    source: Source
    first_line: int
    group: Group | None = None


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """One message to a worker; the answer is one ``Answer`` for each item, in order."""

    work: Work
    items: tuple[Item, ...]
    tokens: tuple[str, ...] = ()
    allowance: float = math.inf
    """Seconds that slow files may still take."""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What came of one item.

    ``analysis`` holds an encoded ``Analysis``, for a group a ``Joint``: it stays encoded until somebody
    asks, as most facts of a large environment are never looked at.
    """

    sketch: Sketch | None = None
    analysis: bytes | None = None
    problem: NotAnalysed | None = None
    """Why the bytes could not be read or searched; facts may be missing without a problem."""
    is_wanted: bool = False
    """It may hold a site: somebody is going to ask for its facts."""
    is_lasting: bool = False
    """The same bytes always give this analysis."""
    is_kept: bool = False
    """The analysis is in the cache instead of here."""
    excess: float = 0.0
    """Seconds of processor time that it took beyond what it was granted."""
    found: tuple[str, ...] = ()
    """Answer to ``SEARCH``: the tokens that its text holds."""
    bodies: tuple[Body, ...] = ()
    """Answer to ``DIGEST``."""


Examiner: TypeAlias = Callable[[Work, Item, tuple[str, ...], Limits], Answer]
"""Answers about one item, given the tokens of its batch."""
