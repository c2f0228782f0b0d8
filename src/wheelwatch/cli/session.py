"""What every verb that judges something needs: limits, workers and the cache, by a user's options."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

# The first worker loads the parser while the caller loads everything else.
from wheelwatch.engine.cache import opened
from wheelwatch.engine.runner import Workers
from wheelwatch.errors import UsageError
from wheelwatch.limits import DEFAULT, GIB, KIB, MIB, Limits

if TYPE_CHECKING:
    from wheelwatch.cli.bundle import Effort

UNITS = {"K": KIB, "M": MIB, "G": GIB}


class Session:
    """Workers that are started ahead of their work and ended in any case, and the cache that they share.

    Args:
        effort: what the run may cost.
        is_whole: start all workers, as threads will follow.
        may_recall: there may be no work, as the verdict may be known.

    Raises:
        UsageError: a limit is not one, or has no usable value.
    """

    def __init__(
        self,
        effort: Effort,
        *,
        is_whole: bool = False,
        may_recall: bool = False,
    ) -> None:
        self._is_whole = is_whole
        self._may_recall = may_recall
        self.limits = limits(effort.bounds or ())
        self.store = None if effort.no_cache else opened(self.limits)
        self.runner = Workers(self.limits, effort.workers or 0, self.store)

    def __enter__(self) -> Self:
        self.runner.start(is_whole=self._is_whole, may_recall=self._may_recall)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runner.close()


def limits(given: Sequence[str]) -> Limits:
    """The limits with these changes, each ``NAME=VALUE``; sizes may end in K, M or G.

    Raises:
        UsageError: a limit is not one, or has no usable value.
    """
    changes = dict(map(_change, given))
    return msgspec.structs.replace(DEFAULT, **changes) if changes else DEFAULT


def _change(text: str) -> tuple[str, float]:
    name, is_set, value = text.partition("=")
    names = [field.name for field in msgspec.structs.fields(Limits)]
    if name not in names or not is_set:
        raise UsageError(
            "--limit", f"{text} is no NAME=VALUE of a limit", f"choose from {', '.join(names)}"
        )
    is_float = isinstance(getattr(DEFAULT, name), float)
    try:
        scale = 1 if is_float else UNITS.get(value[-1:].upper(), 1)
        number = float(value) if is_float else int(value if scale == 1 else value[:-1]) * scale
    except ValueError:
        number = 0
    if not (math.isfinite(number) and number > 0):
        kind = "seconds" if is_float else "a whole number, for sizes with K, M or G behind it"
        raise UsageError("--limit", f"{text}: {value or 'nothing'} is no value", f"give {kind}")
    return name, number
