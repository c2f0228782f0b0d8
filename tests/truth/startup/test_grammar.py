"""Lines that are taken to be broken: no interpreter may compile one of them."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest

from tests.support.pythons import interpreters
from tests.truth.startup.faults import ERRORS, SYNTAX
from tests.truth.startup.machines import environment
from wheelwatch.startup.grammar import is_broken

pytestmark = pytest.mark.executes

PIECES = (
    *"()[]{},;:.=*+-/@<>!~'\"#$?\\ \t0123456789abfrtuxejJ_LoO",
    *(
        "and",
        "if",
        "else",
        "for",
        "in",
        "is",
        "not",
        "or",
        "lambda",
        "yield",
        "await",
        "async",
        "import",
        "from",
    ),
    *(
        "as",
        "None",
        "print",
        "match",
        "del",
        "return",
        "nonlocal",
        "global",
        "0x1",
        "0o7",
        "08",
        "1e5",
        "1_0",
    ),
    *(
        "...",
        "->",
        "**",
        ":=",
        "==",
        "é",
        "ａ",
        "\u30fb",
        "\u200d",
        "℘",
        "·",
        "\u0300",
        "1if",
        "0_",
        "b''",
        "f''",
    ),
    *("f'{x}'", "__debug__", "'\\N{DASH}'", "b'\\xff'", "'\\400'", "lazy ", "type X = ", "t''"),
)
COMPILE = """
import json, sys, warnings
warnings.simplefilter("ignore")
def compiles(line):
    try:
        compile(line, "x", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    except BaseException:
        return True
    return True
print(json.dumps([compiles(line) for line in json.load(open(sys.argv[1]))]))
"""


def lines() -> list[str]:
    """Import lines with one to four small changes each, always the same."""
    dice = random.Random(41)
    seeds = [*(f"import ww; {statement}" for statement in SYNTAX), *ERRORS]
    made: set[str] = set()
    while len(made) < 8_000:
        parts = list(dice.choice(seeds))
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(7, max(len(parts), 8))
            if dice.random() < 0.5:
                parts.insert(place, dice.choice(PIECES))
            else:
                del parts[place : place + 1]
        line = "".join(parts)
        if line.startswith(("import ", "import\t")):
            made.add(line)
    return sorted(made)


def test_no_interpreter_compiles_what_is_taken_to_be_broken(tmp_path: Path) -> None:
    tried = lines()
    listing = tmp_path / "lines.json"
    listing.write_text(json.dumps(tried))
    broken = [is_broken(line) for line in tried]
    assert sum(broken) > 4_000
    works_somewhere = [False] * len(tried)
    for python in interpreters().values():
        command = [str(python), "-I", "-S", "-c", COMPILE, str(listing)]
        ran = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True)
        accepted = json.loads(ran.stdout)
        assert [line for line, bad, good in zip(tried, broken, accepted, strict=True) if bad and good] == []
        works_somewhere = [one or two for one, two in zip(works_somewhere, accepted, strict=True)]
    # What is broken everywhere is nearly always known to be; the rest stands on syntax that varies.
    assert sum(broken) > 0.7 * works_somewhere.count(False)
