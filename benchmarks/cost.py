"""Where the time goes and how many files are parsed, seen from inside, in runs that nobody times.

``python -m benchmarks.cost TARGET`` prints both as JSON: the numbers ``all`` and ``parsed``, and the
profiles ``parent`` and ``worker``, lines of text.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from benchmarks import corpus
from benchmarks.limit import sources
from wheelwatch.engine.run import Options, scan
from wheelwatch.engine.runner import InProcess, Progress, Runner, Workers
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.limits import DEFAULT

SHOWN = 14
EVERY = 12
"""One wheel of so many is analysed in one process to see what analysis consists of."""
PLACE = re.compile(r"\S*/(?=wheelwatch/|lib/python|site-packages/)")


class Counting:
    """A runner that counts the sources, files and startup lines, which another one analyses."""

    def __init__(self, inner: Runner) -> None:
        self._inner = inner
        self.analysed: set[Item] = set()

    def run(
        self, work: Work, items: Sequence[tuple[Item, int]], tokens: tuple[str, ...], progress: Progress
    ) -> Mapping[Item, Answer]:
        """The other runner's answers."""
        answers = self._inner.run(work, items, tokens, progress)
        if work in (Work.EXAMINE, Work.ANALYSE):
            self.analysed |= {item for item, answer in answers.items() if answer.analysis is not None}
        return answers

    def close(self) -> None:
        """Closes the other runner."""
        self._inner.close()


def counted(target: str) -> Counting:
    """A scan of the target, and which sources were parsed."""
    runner = Counting(Workers(DEFAULT, 2))
    scan([target], options=Options(fail_on=None), runner=runner)
    return runner


def profiled(targets: Sequence[str], runner: Runner) -> list[str]:
    """The functions in which a scan spends its own time, the costliest first."""
    profile = cProfile.Profile()
    profile.enable()
    scan(targets, options=Options(fail_on=None), runner=runner)
    profile.disable()
    text = StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(SHOWN)
    return [PLACE.sub("", line).rstrip() for line in text.getvalue().splitlines() if line.strip()]


def main(arguments: list[str]) -> None:
    """Print the JSON for one target."""
    (target,) = arguments
    runner = counted(target)
    parent = profiled([target], Workers(DEFAULT, 2))
    sample = [str(path) for path in sorted(corpus.wheels().glob("*.whl"))[::EVERY]]
    worker = profiled(sample, InProcess(DEFAULT))
    whole = len(sources(Path(target)))
    found = {"all": whole, "parsed": len(runner.analysed), "parent": parent, "worker": worker}
    print(json.dumps(found))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="wheelwatch-bench-") as nowhere:
        os.environ["XDG_CACHE_HOME"] = nowhere
        main(sys.argv[1:])
