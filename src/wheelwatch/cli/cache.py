"""``wheelwatch cache``: what is kept between runs, and how to be rid of it."""

from __future__ import annotations

import sys

import typer

from wheelwatch.cli import code
from wheelwatch.cli.stream import write
from wheelwatch.errors import UsageError
from wheelwatch.limits import DEFAULT, MIB

app = typer.Typer(
    help="What is kept between runs: facts about file contents; verdicts for scan --recall.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@app.command("info")
def info() -> int:
    """Show where the cache lies, its size, and what this version of wheelwatch has kept there."""
    from wheelwatch.engine import cache  # noqa: PLC0415 - only for those who ask

    place = cache.folder()
    store = cache.opened(DEFAULT)
    found = [] if place is None else list(cache.files(place))
    counts = store.counts() if store.is_there() else {}
    store.close()
    rows = [
        ("folder", str(place) if place is not None else "none: the system names no folder for caches"),
        ("size", f"{sum(map(cache.size, found)) / MIB:.1f} MiB in {len(found)} file(s)"),
        ("fetched", f"{(cache.fetched(place) if place is not None else 0) / MIB:.1f} MiB by audit"),
        *((kind.noun, str(count)) for kind, count in counts.items()),
    ]
    if store.trouble:
        rows.append(("not used", store.trouble))
    write(sys.stdout, "".join(f"{name:<10} {value}\n" for name, value in rows))
    return code.OK


@app.command("clear")
def clear() -> int:
    """Delete everything that is kept; the next run reads every file again."""
    from wheelwatch.engine import cache  # noqa: PLC0415 - only for those who ask

    place = cache.folder()
    try:
        freed = cache.clear(place) if place is not None else 0
    except OSError as error:
        hint = "make the folder writable for this user"
        raise UsageError(str(error.filename or place), error.strerror or str(error), hint) from None
    write(sys.stdout, f"{freed / MIB:.1f} MiB freed\n")
    return code.OK
