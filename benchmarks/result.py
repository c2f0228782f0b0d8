"""Keeping what was measured, group by group, and writing benchmarks/RESULTS.md from it."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import corpus
from benchmarks.clock import Run
from benchmarks.measure import Measure, measures

RESULTS = Path(__file__).with_name("RESULTS.md")
Rows: TypeAlias = "dict[str, list[Run]]"
Kept: TypeAlias = "dict[str, Any]"
MIB = 1 << 20


def kept() -> Kept:
    """All that was measured so far: one session for each group."""
    path = corpus.folder() / "measured.json"
    found: Kept = json.loads(path.read_text()) if path.exists() else {}
    return found


def keep(name: str, value: Any) -> None:
    """Put what was measured in place of what was measured before."""
    path = corpus.folder() / "measured.json"
    path.write_text(json.dumps(kept() | {name: value}, indent=1))


def session(rows: Rows, groups: Iterable[str]) -> None:
    """Keep the runs of these groups, each with the runs of what it is compared with."""
    known = measures()
    for group in groups:
        names = [name for name in rows if known[name].group == group]
        bases = [known[name].base for name in names if known[name].base]
        runs = {name: rows[name] for name in dict.fromkeys([*bases, *names]) if name in rows}
        keep(group, {"when": now(), "load": round(os.getloadavg()[2], 1), "runs": runs})


def write(path: Path) -> None:
    """Write all that is kept as Markdown."""
    lines = [*_head(), *_measured(), *_same(), *_peers(), *_why()]
    path.write_text("\n".join(lines) + "\n")


def now() -> str:
    """The time of a session."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _head() -> Iterator[str]:
    about = kept().get("corpus", {})
    yield "# What wheelwatch costs"
    yield ""
    yield "Written by `make bench`; do not edit. Every time is that of a whole process by the clock: start,"
    yield "work, report and cache included. A ratio is the median divided by the median of its base in the"
    yield "same run. Processor time is that of all processes together; where the machine has other work to"
    yield "do, its ratio says more than that of the clock."
    yield ""
    system = f"{platform.system()}, Python {platform.python_version()}"
    yield f"- Machine: {os.cpu_count()} cores, {_memory()}, {system}."
    yield f"- Corpus: `benchmarks/corpus.txt`, {len(corpus.pins())} wheels installed as one tree."
    for name, value in about.items():
        yield f"- {name}: {value}"
    yield ""


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 2**30:.0f} GiB"


TITLES = {
    "limits": "What the work costs at least",
    "start": "Starting",
    "tree": "The tree",
    "wheels": "Straight from the wheels",
    "scale": "Half, whole, twice",
}


def _measured() -> Iterator[str]:
    known = measures()
    for group, title in TITLES.items():
        found = kept().get(group)
        if found is None:
            continue
        yield f"## {title}"
        yield ""
        yield f"{found['when']}; load of the machine over the last quarter of an hour: {found['load']}."
        yield ""
        yield "| what | runs | minimum | median | maximum | ratio | at the most | processor | its ratio | |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"
        rows: Rows = {name: [Run(*run) for run in runs] for name, runs in found["runs"].items()}
        for name, runs in rows.items():
            yield _row(known[name], runs, rows.get(known[name].base, []))
        yield ""


def _row(one: Measure, runs: Sequence[Run], base: Sequence[Run]) -> str:
    times = [run.seconds for run in runs]
    middle = statistics.median(times)
    ratio = middle / statistics.median([run.seconds for run in base]) if base else 0.0
    notes = (
        [f"peak of all processes {max(run.peak for run in runs) / MIB:.0f} MiB"] if one.is_sampled else []
    )
    if bad := {run.code for run in runs} - set(one.codes):
        notes.append(f"ended with {sorted(map(str, bad))}")
    if one.target and ratio:
        notes.append("reached" if ratio <= one.target else "**missed**")
    cells = [one.what, str(len(runs)), *(f"{time:.3f} s" for time in (min(times), middle, max(times)))]
    cells.append(f"{ratio:.2f} x {one.base}" if ratio else "")
    cells.append(f"{one.target:g}" if one.target else "")
    worked = statistics.median([run.processor for run in runs])
    least = statistics.median([run.processor for run in base]) if base else 0.0
    cells += [f"{worked:.3f} s", f"{worked / least:.2f}" if least else ""]
    return f"| {' | '.join([*cells, ', '.join(notes)])} |"


def _same() -> Iterator[str]:
    found = kept().get("same")
    if found is None:
        return
    yield "## One report, whatever the way"
    yield ""
    yield f"{found['when']}. Every row is one scan of the tree; sites are findings with rule, API, trigger,"
    yield "severity and place, and files that could not be analysed."
    yield ""
    yield "| way | seconds | sites | differences | sha256 of the JSON |"
    yield "|---|--:|--:|--:|---|"
    for name, seconds, digest, sites, differences in found["rows"]:
        yield f"| {name} | {seconds:.1f} | {sites} | {len(differences)} | `{digest[:16]}` |"
    yield ""
    for name, _, _, _, differences in found["rows"]:
        if differences:
            yield f'Differences of "{name}" (at most 20 shown):'
            yield ""
            yield from (f"- `{row}`" for row in differences[:20])
            yield ""


def _peers() -> Iterator[str]:
    found = kept().get("peers")
    if found is None:
        return
    yield "## Peers"
    yield ""
    yield f"{found['when']}. Each once, in an environment of its own, at most {found['limit']:g} s; ruff's"
    yield f"parse took {found['ruff']:.2f} s in the same run. They answer other questions: this compares"
    yield "cost, not worth."
    yield ""
    yield "| program | given | time | ratio to ruff | peak | exit codes | what it cannot do |"
    yield "|---|---|--:|--:|--:|---|---|"
    for row in found["rows"]:
        yield _peer(row, found["ruff"])
    yield ""


def _peer(row: dict[str, Any], ruff: float) -> str:
    seconds, done, total, codes, peak, _ = row["went"]
    is_whole = done == total
    time = f"{seconds:.1f} s" if is_whole else f"no end in {seconds:.0f} s ({done} of {total})"
    time = time if seconds else "not installed"
    ratio = f"{seconds / ruff:.1f}" if is_whole else f"over {seconds / ruff:.0f}"
    cells = [row["name"], row["given"], time, ratio, f"{peak / MIB:.0f} MiB"]
    return f"| {' | '.join([*cells, ', '.join(map(str, codes)), row['lacks']])} |"


def _why() -> Iterator[str]:
    found = kept().get("profile")
    if found is None:
        return
    yield "## Where the time goes"
    yield ""
    yield f"{found['when']}, with `cProfile`, which slows Python code down and calls most of all."
    for title, part in (
        ("The first process, while two workers analyse the tree", "parent"),
        ("Analysis in one process, of every twelfth wheel", "worker"),
    ):
        yield from ("", f"{title}:", "", "```text", *found[part], "```")
    yield ""
