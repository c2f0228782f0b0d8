"""Directories of several files that act on each other."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.truth.startup.faults import ERRORS
from tests.truth.startup.parts import CUSTOMIZE, EXOTIC, MODULE, NEWLINES, SEPARATORS, Files, mark


def passes() -> Iterator[Files]:
    """Lines that need what another file's path line brings: a venv's second pass, 3.15's phases."""
    late = 'import late_m; import ww; ww.mark("late")'
    for first, second in (("a", "b"), ("b", "a")):
        yield {f"{first}.pth": late, f"{second}.pth": "hidden\n", "hidden/late_m.py": ""}
        yield {
            f"{first}.pth": f"{late}\n{mark('one')}\n",
            f"{second}.pth": "hidden\n",
            "hidden/late_m.py": "",
        }
        yield {
            f"{first}.pth": f"{late}\nother\n",
            f"{second}.pth": "hidden\n",
            "hidden/late_m.py": "",
            "other/x.py": "",
        }
    yield {"a.pth": f"{late}\nhidden\n", "hidden/late_m.py": ""}
    yield {"a.pth": f"hidden\n{late}\n", "hidden/late_m.py": ""}
    yield {"a.pth": late, "b.pth": " hidden\n", "hidden/late_m.py": ""}
    yield {"a.pth": late, ".b.pth": "hidden\n", "hidden/late_m.py": ""}


def mixtures() -> Iterator[Files]:
    """Directories of several files with lines drawn from all of the above."""
    dice = random.Random(829)
    for _ in range(260):
        files: Files = {"hidden/sitecustomize.py": CUSTOMIZE.format("hidden"), "m.py": MODULE.format("m")}
        for stem in dice.sample(("a", "b", ".h", "_c", "z.z"), dice.randint(1, 4)):
            files[f"{stem}.pth"] = _mixture(dice, stem)
            if dice.random() < 0.25:
                files[f"{stem}.start"] = dice.choice(
                    ("", "m:go\n", "m:go\nm:none\n", b"\xff", "bad line\n")
                )
        if dice.random() < 0.3:
            files["sitecustomize.py"] = CUSTOMIZE.format("own")
        yield files


def _mixture(dice: random.Random, stem: str) -> str:
    text = dice.choice(("", "", "", "\ufeff"))
    for number in range(dice.randint(1, 6)):
        kind = dice.random()
        if kind < 0.55:
            lead = dice.choice(("", "", "", " ", "\t", "\u3000", "\ufeff"))
            text += lead + mark(f"{stem}:{number}") + dice.choice(("", "", " ", "\x1f", "\xa0", ";"))
        elif kind < 0.7:
            text += dice.choice(("hidden", " hidden", "nothing", "./hidden", "# comment", ""))
        elif kind < 0.85:
            text += dice.choice(ERRORS)
        else:
            cut = dice.choice(SEPARATORS)
            text += f'import ww; x = "{cut}"; ww.mark("{stem}:{number}")'
        text += dice.choice((*NEWLINES, "\n", "\n", "\n", "\n", *EXOTIC))
    return text
