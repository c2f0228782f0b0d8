"""The command line as a whole: parses, calls the verb, and gives every ending its exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import typer

from wheelwatch import __version__, escape
from wheelwatch.cli import approve, audit, cache, code, diff, explain, rules, scan, startup
from wheelwatch.cli.bundle import spread
from wheelwatch.cli.stream import OutputGoneError, say, write
from wheelwatch.errors import WheelwatchError

USAGE_ERROR: type[BaseException] = typer.BadParameter.__mro__[1]
"""The parser's own errors; newer versions of typer carry a parser of their own."""

UNWINDING_SECONDS = 0.8

app = typer.Typer(
    name="wheelwatch",
    help="What runs before your Python code, and what can watch it.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # joins the lines of a paragraph
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("scan")(spread(scan.scan, scan.Scan))
app.command("audit")(spread(audit.audit, audit.Audit))
app.command("approve")(spread(approve.approve, approve.Approve))
app.command("diff")(spread(diff.diff, diff.Diff))
app.command("startup")(spread(startup.startup, startup.Startup))
app.command("rules")(rules.rules)
app.command("explain")(explain.explain)
app.add_typer(cache.app, name="cache")


@app.callback(invoke_without_command=True)
def entry(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> int | None:
    """What runs before your Python code, and what can watch it."""
    if version:
        write(sys.stdout, f"wheelwatch {__version__}\n")
        raise typer.Exit(code.OK)
    if context.invoked_subcommand is None:
        write(sys.stdout, context.get_help() + "\n")
    return code.OK


def run(arguments: Sequence[str]) -> int:
    """Runs the command line; whatever happens ends in a code of the table, and 1 is only a verdict."""
    signal.signal(signal.SIGINT, _interrupted)
    try:
        return _call(arguments)
    except KeyboardInterrupt:
        return code.INTERRUPTED
    except OutputGoneError:
        return code.NOT_DONE
    except WheelwatchError as error:
        _complain(str(error), error.hint)
    except Exception as error:  # noqa: BLE001 - the last line of defence: one line, never a traceback
        _crashed(error)
    return code.NOT_DONE


def _interrupted(_number: int, _frame: FrameType | None) -> NoReturn:
    """Ctrl-C unwinds; where that is swallowed on the way, in a finalizer say, it ends all the same."""
    signal.signal(signal.SIGALRM, lambda *_: os._exit(code.INTERRUPTED))
    signal.setitimer(signal.ITIMER_REAL, UNWINDING_SECONDS)
    raise KeyboardInterrupt


def _call(arguments: Sequence[str]) -> int:
    try:
        result = app(list(arguments), prog_name="wheelwatch", standalone_mode=False)
    except USAGE_ERROR as error:
        _misused(error)
        return code.NOT_DONE
    except typer.Abort:
        return code.NOT_DONE
    except SystemExit:
        # The parser ends like this, with 1, when nobody reads its help text.
        return code.NOT_DONE
    return result if isinstance(result, int) else code.OK


def _misused(error: BaseException) -> None:
    message = getattr(error, "format_message", lambda: str(error))()
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "wheelwatch"
    _complain(message, f"see {command} --help")


def _crashed(error: Exception) -> None:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{error.strerror}", "")
    else:
        _complain(
            f"internal error: {type(error).__name__}: {error}",
            "this is a bug in wheelwatch; please report it with the output of WHEELWATCH_DEBUG=1",
        )
    if os.environ.get("WHEELWATCH_DEBUG"):
        import traceback  # noqa: PLC0415 - costs more than the rest of this module

        say("".join(escape.terminal(row) + "\n" for row in traceback.format_exc().splitlines()))


def _complain(message: str, hint: str) -> None:
    say(f"error: {escape.terminal(message)}\n" + (f"  hint: {escape.terminal(hint)}\n" if hint else ""))
