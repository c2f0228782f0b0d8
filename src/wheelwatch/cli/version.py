"""``--version``, answered before anything else is imported."""

import sys

from wheelwatch import __version__
from wheelwatch.cli.stream import OutputGoneError, say, write


def show() -> int:
    """Prints the version; returns the exit code."""
    try:
        write(sys.stdout, f"wheelwatch {__version__}\n")
    except OutputGoneError:
        return 2
    except OSError as error:
        say(f"error: {error.strerror}\n")
        return 2
    return 0
