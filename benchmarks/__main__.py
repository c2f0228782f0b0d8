"""``make bench``: measure limits, wheelwatch and peers on the corpus, and write benchmarks/RESULTS.md.

``make bench BENCH="--only tree,ruff --runs 3"`` measures a slice; groups are limits, start, tree, wheels,
scale, same, peers and profile, and every single measure has a name. A slice replaces its groups in what was
measured before; ``--write`` makes a new RESULTS.md from all of it, which a run of everything does anyway.
"""

from __future__ import annotations

import argparse
import compileall
import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import astuple

from benchmarks import agreement, corpus, peer, result
from benchmarks.clock import Run
from benchmarks.measure import Measure, empty_cache, measures

PARTS = ("same", "peers", "profile")


def main(arguments: list[str]) -> None:
    options = _options(arguments)
    known = measures()
    groups = list(dict.fromkeys(one.group for one in known.values()))
    wanted = set(options.only.split(",")) if options.only else {*groups, *PARTS}
    if unknown := wanted - set(known) - set(groups) - set(PARTS):
        raise SystemExit(f"nothing here is called {', '.join(sorted(unknown))}")
    _compile()
    chosen = [one for one in known.values() if {one.name, one.group} & wanted]
    rows = _timed(_with_bases(chosen, known), options.runs)
    result.session(rows, dict.fromkeys(one.group for one in chosen))
    if "same" in wanted:
        _same()
    if "peers" in wanted:
        _peers(options.limit)
    if "profile" in wanted:
        _profile()
    if options.write or not options.only:
        result.write(result.RESULTS)
        print(f"written: {result.RESULTS}")


def _compile() -> None:
    """Installers leave bytecode beside the sources; a checkout has none at first."""
    compileall.compile_dir(corpus.ROOT / "src", quiet=2)
    compileall.compile_dir(sysconfig.get_path("purelib"), quiet=2)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="groups or measures, separated by commas")
    parser.add_argument("--runs", type=int, default=3, help="rounds (default: 3)")
    parser.add_argument("--limit", type=float, default=600, help="seconds for one peer (default: 600)")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md after a slice, too")
    return parser.parse_args(arguments)


def _with_bases(chosen: Iterable[Measure], known: dict[str, Measure]) -> list[Measure]:
    """What was chosen and what it is compared with, in the one order."""
    names = {one.name for one in chosen}
    names |= {known[name].base for name in names if known[name].base}
    return [one for name, one in known.items() if name in names]


def _timed(chosen: Iterable[Measure], runs: int) -> result.Rows:
    """Round after round, so that what else the machine does falls on all of them alike."""
    rows: result.Rows = {}
    for number in range(runs):
        empty_cache()
        for one in chosen:
            found = [one.run() for _ in range(one.repeats)]
            rows.setdefault(one.name, []).extend(found)
            _say(f"round {number + 1}: {one.name}", found[-1], one.codes)
    return rows


def _say(what: str, run: Run, codes: tuple[int, ...]) -> None:
    peak = f", {run.peak >> 20} MiB" if run.peak else ""
    trouble = f", exit {run.code}: {run.said[-300:]}" if run.code not in codes else ""
    print(f"{what}: {run.seconds:.3f} s{peak}{trouble}", flush=True)


def _same() -> None:
    rows = []
    for outcome in agreement.compare():
        found = f"{outcome.sites} sites, {len(outcome.differences)} differences"
        print(f"{outcome.name}: {outcome.seconds:.1f} s, {found}, {outcome.digest[:16]}", flush=True)
        rows.append(astuple(outcome))
    result.keep("same", {"when": result.now(), "rows": rows})


def _peers(limit: float) -> None:
    ruff = measures()["ruff"].run()
    rows = []
    for one in peer.PEERS:
        went = peer.measure(one, limit)
        print(
            f"{one.name}: {went.seconds:.1f} s, {went.done} of {went.total}, {went.said[-200:]}", flush=True
        )
        named = f"{one.name} {one.version}"
        rows.append({"name": named, "given": one.given, "lacks": one.lacks, "went": astuple(went)})
    result.keep("peers", {"when": result.now(), "limit": limit, "ruff": ruff.seconds, "rows": rows})


def _profile() -> None:
    command = [sys.executable, "-m", "benchmarks.cost", str(corpus.tree())]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    share = 100 * found["parsed"] / found["all"]
    result.keep(
        "corpus",
        {"Parsed in a cold scan of the tree": f"{found['parsed']} of {found['all']} ({share:.1f} %)"},
    )
    result.keep("profile", {"when": result.now(), "parent": found["parent"], "worker": found["worker"]})


if __name__ == "__main__":
    main(sys.argv[1:])
