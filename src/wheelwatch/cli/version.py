"""``--version``, answered before anything else is imported."""

import sys

from wheelwatch import __version__


def show() -> int:
    """Prints the version; returns the exit code."""
    from wheelwatch.cli.stream import write  # noqa: PLC0415

    write(sys.stdout, f"wheelwatch {__version__}\n")
    return 0
