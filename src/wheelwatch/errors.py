"""Errors for the operator: a missing path, a bad option, a target that cannot be read.

What is wrong *inside* a package is never an exception, it is a finding or a ``NotAnalysed``.
"""

from __future__ import annotations


class WheelwatchError(Exception):
    """Base of everything wheelwatch raises; reads ``where: what`` and carries a hint.

    Args:
        where: the thing that it is about, a path, an option or a package.
        what: what is wrong with it, without a final full stop.
        hint: what the reader can do next; empty when there is nothing to add.
    """

    def __init__(self, where: str, what: str, hint: str = "") -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.where = where
        self.what = what
        self.hint = hint


class UsageError(WheelwatchError):
    """An option or argument is unusable."""


class TargetError(WheelwatchError):
    """A target is missing, unreadable, or not what its name says."""


class DataError(WheelwatchError):
    """A file of ``data/`` or of the user's configuration does not have the form that it must have."""
