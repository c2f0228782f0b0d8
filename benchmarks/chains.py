"""Every chain of the corpus from a start, a build or a host, beside what a reader and an interpreter said.

``python -m benchmarks.chains [REPORT.json]`` scans the corpus as one tree, or takes the report of such a
scan, and writes benchmarks/CHAINS.md. The verdicts are kept by hand in benchmarks/chains.csv, what stands
at the level of a module in modules.csv, what ran earlier than is told in earlier.csv. A verdict belongs
to one chain, step by step, so that a chain that is new or another one than was read is shown as not
checked. Ends 1 when there is such a one.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import corpus
from benchmarks.measure import reports, scan

HERE = Path(__file__).parent
CHAINS = HERE / "CHAINS.md"
VERDICTS = HERE / "chains.csv"
MODULES = HERE / "modules.csv"
EARLIER = HERE / "earlier.csv"
TRIGGERS = ("startup", "install", "autoload")
SITES = ("hook-", "payload-", "callback-", "startup-")
SHOWN = 90
UNCHECKED = "NOT CHECKED"
WORDS = {
    "ran": "an interpreter was made to run it: every step stood on the stack at once when the site ran",
    "ran in parts": "every step was run, but not as one stack: a thread, an exit or a module that was "
    "imported before by another way lies between them",
    "right": "read step by step; not run as a whole, for the reason that is given",
    "wrong": "a step cannot run as it is told",
}

HEAD = """\
# Chains of the corpus

Written by `make chains` from a scan of the wheels of `corpus.txt` in one tree; do not edit. What stands
behind each site is kept by hand in `chains.csv`. Each site that runs at the start of an interpreter, in a
build, or because a host loads a plugin stands below the steps that lead to it, root first; a step is a
file and line, the code that stands there, and its guard in brackets. Steps that several chains begin with
are written once. A chain is the shortest of those that are true; the interpreter may take a longer one
first.
"""
RUN = """\
Run with CPython 3.11.7, the tree as its site directory and beside it what pytest, the plugins and litellm
need, under a trace function that noted the stack at each line of a chain; by an audit hook where another
trace function takes its place.
"""
EARLIER_HEAD = """\
## Run earlier than is told

The same trace function stood at every site of the report. These ran in a start or under pytest, but are
told with a weaker trigger (sites of pytest itself and what only a test calls left out):

| package | API | place | told | ran | way |
|---|---|---|---|---|---|"""
MODULES_HEAD = """\
## Hooks at the level of a module

Found by hand before there was a tool; here with the trigger that it gives now and what the import did.
Packages beyond the corpus (marked *) were scanned as wheels of their own; their trigger is kept by hand.

| package | API | place | trigger | right | seen |
|---|---|---|---|---|---|"""
OTHERS_HEAD = """\
## Without a site

Files on these ways that were read in part (`analysis-partial`) or, being machine code, not at all:
"""

Report: TypeAlias = "dict[str, Any]"
Finding: TypeAlias = "dict[str, Any]"
Step: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True, slots=True)
class Row:
    """One site of one package with the chain that leads to it."""

    package: str
    version: str
    finding: Finding

    @property
    def steps(self) -> Sequence[Step]:
        """The chain, root first."""
        return self.finding["chain"]  # type: ignore[no-any-return]

    @property
    def key(self) -> tuple[str, ...]:
        """What a verdict is kept under; the chain is part of it."""
        site = self.finding
        return (self.package, site["rule"], site["api"] or "", f"{site['path']}:{site['line']}", self.chain)

    @property
    def chain(self) -> str:
        """A short digest of the steps, their places and their guards."""
        told = [(step["path"], step["line"], step["what"], step["guard"]) for step in self.steps]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]


def main(arguments: list[str]) -> int:
    path = Path(arguments[0]) if arguments else _scanned()
    report: Report = json.loads(path.read_bytes())
    missing = [row for row in rows(report) if row.key not in verdicts()]
    CHAINS.write_text("\n".join(lines(report)) + "\n", encoding="utf-8")
    gone = set(verdicts()) - {row.key for row in rows(report)}
    print(f"{len(rows(report))} sites, {len(missing)} not checked; written: {CHAINS}")
    print("".join(f"not checked: {','.join(row.key)}\n" for row in missing), end="")
    print("".join(f"gone: {','.join(key)}\n" for key in sorted(gone)), end="")
    return 1 if missing else 0


def _scanned() -> Path:
    target = reports() / "chains.json"
    subprocess.run([str(word) for word in scan(corpus.tree(), target)], check=False)
    return target


def rows(report: Report) -> list[Row]:
    """Every site that runs before anybody asks for its package, in order of its chain."""
    found = [
        Row(package["name"], package["version"], finding)
        for package in report["packages"]
        for finding in package["findings"]
        if finding["trigger"] in TRIGGERS and finding["rule"].startswith(SITES)
    ]
    return sorted(found, key=lambda row: (row.package.lower(), _way(row), row.key))


def _way(row: Row) -> list[tuple[str, int, str]]:
    return [(step["path"], step["line"], step["what"]) for step in row.steps]


def verdicts(path: Path = VERDICTS) -> dict[tuple[str, ...], tuple[str, str]]:
    """Verdict and what was seen, by package, rule, API, place and chain."""
    return {
        (row["package"], row["rule"], row["api"], row["place"], row["chain"]): (row["verdict"], row["seen"])
        for row in table(path)
    }


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a table that is kept by hand."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(report: Report) -> Iterator[str]:
    """The whole document."""
    yield from _head(report)
    by_package: dict[str, list[Row]] = {}
    for row in rows(report):
        by_package.setdefault(f"{row.package} {row.version}", []).append(row)
    known = verdicts()
    for title, found in by_package.items():
        yield f"## {title}"
        yield ""
        yield from tree(found, known)
        yield ""
    yield from _others(report)
    yield from _earlier(report)
    yield from _modules(report)


def _head(report: Report) -> Iterator[str]:
    found, known = rows(report), verdicts()
    yield HEAD
    counts = dict.fromkeys((*WORDS, UNCHECKED), 0)
    for row in found:
        counts[known.get(row.key, (UNCHECKED, ""))[0]] += 1
    for word, count in counts.items():
        if count or word != UNCHECKED:
            yield f"- **{word}** ({count}): {WORDS.get(word, 'nobody has read it')}"
    yield ""
    yield f"Together {len(found)} sites of {len({row.package for row in found})} packages."
    yield RUN


def tree(found: Iterable[Row], known: dict[tuple[str, ...], tuple[str, str]]) -> Iterator[str]:
    """The chains of one package as a list in a list: common beginnings once, sites with their verdicts."""
    before: list[str] = []
    for row in found:
        told = [_told(step) for step in row.steps]
        shared = 0
        while shared < min(len(told) - 1, len(before)) and told[shared] == before[shared]:
            shared += 1
        for depth in range(shared, len(told) - 1):
            yield f"{'  ' * depth}- {told[depth]}"
        verdict, seen = known.get(row.key, (UNCHECKED, ""))
        site = row.finding
        mark = f"{'  ' * (len(told) - 1)}- **{_plain(site['api'] or 'line')}**"
        weight = f"{site['trigger']}, {site['rule']}, {site['severity']}"
        yield f"{mark} {told[-1]} {weight}: **{verdict}**. {seen}".rstrip()
        before = told[:-1]


def _told(step: Step) -> str:
    guard = f" [{step['guard']}]" if step["guard"] else ""
    place = f"{step['path']}:{step['line']}" if step["line"] else step["path"]
    return f"`{place}` `{_plain(step['what'])}`{guard}"


def _plain(text: str) -> str:
    return re.sub(r"[`\s]+", " ", text).strip()[:SHOWN]


def _others(report: Report) -> Iterator[str]:
    yield OTHERS_HEAD
    for package in sorted(report["packages"], key=lambda row: row["name"].lower()):
        paths = [
            finding["path"]
            for finding in package["findings"]
            if finding["trigger"] in TRIGGERS and finding["rule"].startswith("analysis-")
        ]
        if paths:
            yield f"- {package['name']}: {', '.join(f'`{path}`' for path in sorted(paths))}"
    yield ""


def _earlier(report: Report) -> Iterator[str]:
    yield EARLIER_HEAD
    for row in table(EARLIER):
        here = _trigger(report, row)
        differs = "" if here == row["told"] else f" (**{here} now**)"
        cells = (
            row["package"],
            f"`{row['api']}`",
            f"`{row['place']}`",
            row["told"] + differs,
            row["ran"],
            row["way"],
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _modules(report: Report) -> Iterator[str]:
    yield MODULES_HEAD
    for row in table(MODULES):
        here = row["trigger"] if row["package"].endswith("*") else _trigger(report, row)
        differs = "" if here == row["trigger"] else f" (**{row['trigger']} when it was checked**)"
        cells = (
            row["package"],
            f"`{row['api']}`",
            f"`{row['place']}`",
            here + differs,
            row["right"],
            row["seen"],
        )
        yield f"| {' | '.join(cells)} |"


def _cells(row: dict[str, str], *rest: str) -> str:
    places = (f"`{row[name]}`" for name in ("api", "place"))
    return f"| {' | '.join((row['package'], *places, *rest))} |"


def _trigger(report: Report, claim: dict[str, str]) -> str:
    for package in report["packages"]:
        if package["name"].lower() == claim["package"].lower():
            for finding in package["findings"]:
                place = f"{finding['path']}:{finding['line']}"
                if place == claim["place"] and finding["api"] == claim["api"]:
                    return str(finding["trigger"])
    return "none"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
