"""Whether every way to the report leads to the same report: cache, triage, number of workers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import corpus
from benchmarks.clock import run
from benchmarks.measure import LIMIT_SECONDS, cache, empty_cache, in_cache, remember, reports, scan

SHOWN = 20
RECALL = "--recall"


@dataclass(frozen=True, slots=True)
class Way:
    """One scan of the tree: its options, whether the cache was empty, and its report."""

    name: str
    options: tuple[str, ...]
    is_cold: bool = True

    @property
    def report(self) -> Path:
        """Where its report lies."""
        return reports() / f"same-{self.name.replace(' ', '-')}.json"


FIRST = Way("cold, 2 workers", ("--workers", "2"))
WAYS = (
    FIRST,
    Way("warm, 2 workers", ("--workers", "2"), is_cold=False),
    Way("warm, 1 worker", ("--workers", "1"), is_cold=False),
    Way("recalled, 2 workers", ("--workers", "2", RECALL), is_cold=False),
    Way("cold, 1 worker", ("--workers", "1")),
    Way("cold, 4 workers", ("--workers", "4")),
    Way("no triage, no cache, 1 worker", ("--no-triage", "--no-cache", "--workers", "1")),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of one way: the digest of its report, and how its sites differ from the first's."""

    name: str
    seconds: float
    digest: str
    sites: int
    differences: tuple[str, ...]


def compare() -> Iterator[Outcome]:
    """Go every way and compare what comes out with the first."""
    expected: frozenset[str] = frozenset()
    for way in WAYS:
        if way.is_cold:
            empty_cache()
        if RECALL in way.options:
            remember(corpus.tree())
        way.report.unlink(missing_ok=True)
        command = scan(corpus.tree(), way.report, *way.options)
        ended = run(command, limit=LIMIT_SECONDS, env=dict(in_cache(cache())))
        if not way.report.exists():
            yield Outcome(way.name, ended.seconds, "", 0, (f"no report, exit {ended.code}: {ended.said}",))
            continue
        data = way.report.read_bytes()
        found = frozenset(sites(json.loads(data)))
        expected = expected or found
        digest = hashlib.sha256(data).hexdigest()
        differences = sorted(
            [f"+ {row}" for row in found - expected] + [f"- {row}" for row in expected - found]
        )
        yield Outcome(way.name, ended.seconds, digest, len(found), tuple(differences))


def sites(report: dict[str, Any]) -> Iterator[str]:
    """One line for each finding and each file that was not analysed."""
    for package in report["packages"]:
        for row in package["findings"]:
            place = f"{row['path']}:{row['line']}:{row['column']}"
            yield f"{package['name']} {row['rule']} {row['api']} {row['trigger']} {row['severity']} {place}"
        for row in package["not_analysed"]:
            yield f"{package['name']} not analysed: {row['reason']} {row['trigger']} {row['path']}"
