"""All sites of the pinned corpus by API and trigger, held against what was found by hand.

``python -m benchmarks.sites [REPORT.json]`` scans the wheels, or takes the report of such a scan, and
writes benchmarks/SITES.md. Ends 1 when a claim has no site, or when a file was not analysed that some
Python accepts.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import corpus
from benchmarks.claims import ABSENT, CLAIMS, QUIET, Claim
from benchmarks.measure import reports, scan
from tests.support.pythons import interpreters

SITES = Path(__file__).with_name("SITES.md")
TRIGGERS = ("startup", "install", "autoload", "import", "call", "dormant")
SHOWN = 100
AT_IMPORT = frozenset({"startup", "install", "autoload", "import", "dormant"})
FAMILIES = ("hook-", "payload-", "callback-")
COMPILE = (
    "import sys, warnings; warnings.simplefilter('ignore')\n"
    "for name in sys.stdin.read().split('\\n'):\n"
    "    try: compile(open(name, 'rb').read(), 'x', 'exec', dont_inherit=True)\n"
    "    except (SyntaxError, ValueError, RecursionError, MemoryError): continue\n"
    "    print(name)\n"
)
"""Prints the names of the files that the interpreter accepts, of those whose names it is given."""

Report: TypeAlias = "dict[str, Any]"
Finding: TypeAlias = "dict[str, Any]"


def main(arguments: list[str]) -> int:
    path = Path(arguments[0]) if arguments else _scanned()
    report: Report = json.loads(path.read_bytes())
    accepted = list(_accepted(_unread(report)))
    lost = [claim for claim in CLAIMS if not _found(report, claim)]
    SITES.write_text("\n".join(_lines(report, accepted)) + "\n")
    print(f"{len(CLAIMS) - len(lost)} of {len(CLAIMS)} claims have a site; written: {SITES}")
    print(
        "".join(f"no site: {claim}\n" for claim in lost)
        + "".join(f"not analysed: {row}\n" for row in accepted)
    )
    return 1 if lost or accepted else 0


def _scanned() -> Path:
    target = reports() / "sites.json"
    subprocess.run([str(word) for word in scan(corpus.wheels(), target)], check=False)
    return target


def _lines(report: Report, accepted: list[str]) -> Iterator[str]:
    yield "# Sites of the corpus"
    yield ""
    yield "Written by `make sites`; do not edit. A site is one place where code of one of the wheels of"
    yield "`benchmarks/corpus.txt` installs a hook or reaches a capability; its trigger says when it runs."
    yield ""
    yield from _compared(report)
    yield from _quiet(report)
    yield from _left_out(report, accepted)
    yield from _by_api(report)


def _compared(report: Report) -> Iterator[str]:
    yield "## Held against what was found by hand"
    yield ""
    yield f'{len(CLAIMS)} claims about packages of the corpus, made without wheelwatch. "module" means that'
    yield 'the code stands at the level of a module and should run at import; "function" that it stands in'
    yield "one and should be `call`, unless the package calls that function while it is imported."
    yield ""
    yield "| package | API | by hand | here | explained |"
    yield "|---|---|---|---|---|"
    for claim in CLAIMS:
        found = _found(report, claim)
        counts = Counter(row["trigger"] for row in found)
        here = (
            ", ".join(f"{trigger} {counts[trigger]}" for trigger in TRIGGERS if counts[trigger])
            or "**nothing**"
        )
        cells = [
            claim.package,
            f"`{claim.api}`",
            "module" if claim.is_module else "function",
            here or "**nothing**",
        ]
        yield f"| {' | '.join([*cells, _explained(claim, found)])} |"
    yield ""
    yield f"Not in this corpus, so not compared: {ABSENT}."
    yield ""


def _found(report: Report, claim: Claim) -> list[Finding]:
    return [row for name, row in _sites(report) if name == claim.package and _is_api(row["api"], claim.api)]


def _is_api(found: str, claimed: str) -> bool:
    return found == claimed or found.startswith(claimed + ".")


def _explained(claim: Claim, found: list[Finding]) -> str:
    """Where it stands; for a difference the chain that makes it."""
    if not found:
        return "not found"
    early = [row for row in found if row["trigger"] in AT_IMPORT]
    if claim.is_module:
        if not early:
            return f"found in functions only, {_place(found[0])}"
        name, _, line = claim.place.partition(":")
        rows = [row for row in early if not name or row["path"].endswith(name)]
        exact = [row for row in rows if not line or str(row["line"]) == line]
        chosen = (exact or rows or early)[0]
        where = "" if not line or exact else f"; line {line} by hand"
        return f"{_place(chosen)}{where}"
    if not early:
        return _place(found[0])
    steps = " > ".join(f"{step['path']}:{step['line']}" for step in early[0]["chain"])
    return f"reached without a call of the user's: {steps}"


def _place(row: Finding) -> str:
    return f"{row['path']}:{row['line']}"


def _quiet(report: Report) -> Iterator[str]:
    yield "Said to have no hook at the level of a module:"
    yield ""
    for name in QUIET:
        rows = [row for owner, row in _sites(report) if owner == name and row["trigger"] == "import"]
        rows = [row for row in rows if row["severity"] not in ("info", "low")]
        shown = ", ".join(f"`{row['api']}` {_place(row)} ({row['severity']})" for row in rows)
        yield f"- {name}: {shown or 'nothing above low'}"
    yield ""


def _left_out(report: Report, accepted: list[str]) -> Iterator[str]:
    rows = [(package, row) for package, row in _unread(report)]
    versions = ", ".join(interpreters())
    yield "## Not analysed"
    yield ""
    yield f"{len(rows)} Python sources were not analysed; each was given to `compile` of {versions}."
    yield ""
    yield from (
        f"- {package['name']}: {row['path']}: {row['reason']}, {row['trigger']}" for package, row in rows
    )
    yield f"\n{len(accepted)} of them are accepted by one of these:\n" if accepted else ""
    yield from (f"- {line}" for line in accepted[:SHOWN])
    yield "" if not rows else "\nNone of them is accepted by any of these." if not accepted else ""
    yield ""


def _unread(report: Report) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (package, row)
        for package in report["packages"]
        for row in package["not_analysed"]
        if row["path"].endswith((".py", ".pyw"))
    ]


def _accepted(rows: list[tuple[dict[str, Any], dict[str, Any]]]) -> Iterator[str]:
    """One line for each file that some interpreter takes, with which."""
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, (package, row) in enumerate(rows):
            file = Path(folder, str(number))
            file.write_bytes(_bytes(Path(package["location"]), row["path"].rpartition("}/")[2]))
            files[str(file)] = f"{package['name']}: {row['path']} ({row['reason']})"
        takers: dict[str, list[str]] = defaultdict(list)
        for version, python in interpreters().items() if files else ():
            command = [str(python), "-I", "-S", "-c", COMPILE]
            done = subprocess.run(
                command, input="\n".join(files), stdout=subprocess.PIPE, text=True, check=True
            )
            for name in done.stdout.split():
                takers[name].append(version)
        yield from (f"{files[name]} by {', '.join(versions)}" for name, versions in takers.items())


def _bytes(location: Path, path: str) -> bytes:
    if location.is_dir():
        return (location / path).read_bytes()
    with zipfile.ZipFile(location) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(path)))


def _by_api(report: Report) -> Iterator[str]:
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for name, row in _sites(report):
        counts[row["api"]][row["trigger"]][name] += 1
    total = sum(sum(rows.values()) for by in counts.values() for rows in by.values())
    yield f"## All {total} sites by API and trigger"
    yield ""
    for api in sorted(counts):
        yield f"- `{_plain(api)}`"
        for trigger in (trigger for trigger in TRIGGERS if trigger in counts[api]):
            names = ", ".join(f"{name} {count}" for name, count in sorted(counts[api][trigger].items()))
            yield f"  - {trigger}: {names}"


def _plain(text: str) -> str:
    return re.sub(r"[`\s]+", " ", text)[:120]


def _sites(report: Report) -> Iterator[tuple[str, Finding]]:
    """Every site with the normal form of its package's name."""
    for package in report["packages"]:
        name = re.sub(r"[-_.]+", "-", package["name"]).lower()
        for row in package["findings"]:
            if row["api"] and row["rule"].startswith(FAMILIES):
                yield name, row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
