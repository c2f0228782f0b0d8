"""The chains of the corpus: each row of the list has a verdict, and a chain that nobody read says so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import chains
from wheelwatch.model import Trigger

TEXTS = [chains.CHAINS, chains.VERDICTS, chains.MODULES, chains.EARLIER]
OF_ONE_MACHINE = re.compile(r"/(?:root|home|tmp|work|Users)/|\.pyenv|[A-Z]:\\")
LEAF = re.compile(r"^ *- \*\*.+?\*\* `")


def step(path: str, line: int, what: str, guard: str | None = None) -> dict[str, Any]:
    return {"package": "demo", "path": path, "line": line, "what": what, "guard": guard}


def finding(place: str, api: str, *steps: dict[str, Any], trigger: str = "startup") -> dict[str, Any]:
    path, _, line = place.rpartition(":")
    row = {"rule": "hook-trace", "severity": "high", "trigger": trigger, "api": api, "path": path}
    return {**row, "line": int(line), "chain": list(steps)}


ROOT = step("zz.pth", 1, "import demo.boot")
BOOT = step("demo/boot.py", 2, "install()", "platform")
TRACE = finding("demo/h.py:3", "sys.settrace", ROOT, BOOT, step("demo/h.py", 3, "sys.settrace"))
PROFILE = finding("demo/h.py:4", "sys.setprofile", ROOT, BOOT, step("demo/h.py", 4, "sys.setprofile"))
LATER = finding("demo/x.py:1", "sys.settrace", step("demo/x.py", 1, "sys.settrace"), trigger="import")
WEIGHT = "startup, hook-trace, high"
REPORT = {"packages": [{"name": "demo", "version": "1.0", "findings": [PROFILE, TRACE, LATER]}]}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_nothing_of_one_machine_is_told(path: Path) -> None:
    assert OF_ONE_MACHINE.findall(path.read_text(encoding="utf-8")) == []


def test_every_row_has_a_verdict_and_says_what_was_seen() -> None:
    rows = chains.table(chains.VERDICTS)
    assert [row for row in rows if row["verdict"] not in chains.WORDS or not row["seen"].strip()] == []
    assert len({tuple(row.values())[:5] for row in rows}) == len(rows)
    assert all(re.fullmatch(r"[0-9a-f]{8}", row["chain"]) for row in rows)


def test_the_document_holds_every_row_and_none_that_is_unchecked() -> None:
    text = chains.CHAINS.read_text(encoding="utf-8")
    assert chains.UNCHECKED not in text
    leaves = [line for line in text.splitlines() if LEAF.match(line)]
    assert len(leaves) == len(chains.table(chains.VERDICTS))
    assert all(any(f": **{word}**. " in line for word in chains.WORDS) for line in leaves)


def test_every_claim_about_a_module_was_checked() -> None:
    rows = chains.table(chains.MODULES)
    assert {row["right"] for row in rows} == {"yes"}
    assert {row["trigger"] for row in rows} <= set(Trigger)
    text = chains.CHAINS.read_text(encoding="utf-8")
    assert [row["place"] for row in rows if f"`{row['place']}`" not in text] == []
    assert "when it was checked" not in text


def test_common_steps_stand_once_and_a_new_chain_is_marked() -> None:
    (first, second) = chains.rows(REPORT)
    assert [row.finding["api"] for row in (first, second)] == ["sys.settrace", "sys.setprofile"]
    told = list(chains.tree([first, second], {first.key: ("ran", "a bare start")}))
    assert told == [
        "- `zz.pth:1` `import demo.boot`",
        "  - `demo/boot.py:2` `install()` [platform]",
        f"    - **sys.settrace** `demo/h.py:3` `sys.settrace` {WEIGHT}: **ran**. a bare start",
        f"    - **sys.setprofile** `demo/h.py:4` `sys.setprofile` {WEIGHT}: **NOT CHECKED**.",
    ]


def test_another_guard_or_line_on_the_way_is_another_chain() -> None:
    (row, _) = chains.rows(REPORT)
    for changed in ({**BOOT, "guard": None}, {**BOOT, "line": 9}, {**BOOT, "what": "other()"}):
        steps = [changed if one is BOOT else one for one in row.steps]
        assert chains.Row("demo", "1.0", {**row.finding, "chain": steps}).key != row.key
