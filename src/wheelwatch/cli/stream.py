"""Where output goes: standard streams that may be closed, and files that are never half written."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

from wheelwatch import escape


class OutputGoneError(Exception):
    """Nobody reads any more: the pipe is broken, or the stream was closed from the start."""


def write(stream: TextIO | None, text: str) -> None:
    """Writes all of it now; characters that the stream's encoding lacks become escapes.

    Raises:
        OutputGoneError: nobody reads the stream.
        OSError: the text could not be written (a full disk).
    """
    if stream is None:
        raise OutputGoneError
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
        raise OutputGoneError from None
    except OSError:
        _silence(stream)
        raise


def say(text: str) -> None:
    """Writes to stderr; that nobody reads it changes nothing."""
    with contextlib.suppress(OutputGoneError, OSError):
        write(sys.stderr, escape.lines(text))


def write_file(path: str, text: str) -> None:
    """Replaces the file in one step, or leaves it as it was.

    What is no regular file (``/dev/stdout``, a FIFO) is written in place.

    Raises:
        OSError: the file could not be written.
    """
    data = text.encode("utf-8", "backslashreplace")
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        with open(path, "wb") as stream:  # noqa: PTH123
            stream.write(data)
        return
    path = os.path.realpath(path)
    fresh = f"{path}.{os.getpid()}.tmp"
    try:
        with open(fresh, "xb") as stream:  # noqa: PTH123
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, path)  # noqa: PTH105
    except BaseException:
        if os.path.exists(fresh):  # noqa: PTH110
            os.unlink(fresh)  # noqa: PTH108
        raise


def has_color(stream: TextIO | None, choice: str) -> bool:
    """Whether this stream gets colours: asked for, or a terminal that nobody told otherwise."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    """A human looks at it."""
    return stream is not None and not stream.closed and stream.isatty()


def _silence(stream: TextIO) -> None:
    """Points the stream to nowhere, so that the interpreter's last flush cannot fail."""
    try:
        number = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
    except (OSError, ValueError):
        if stream is sys.stdout:
            sys.stdout = None  # Python's own sign of a missing stream
