"""What a scan survives, shown on a small target; ``make survival`` takes the corpus."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.survival import survive
from tests.support.factories import site_dir

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform != "linux", reason="kills and watches through /proc"),
]

BODY = (
    "def f{0}(a, b=[{0}]):\n"
    "    for c in a:\n        if c: b = [f{0}(d, e) for d, e in zip(a, b)]\n"
    "    return b\n"
)


def test_kills_a_full_disk_and_a_read_only_home_cost_what_they_must(tmp_path: Path) -> None:
    body = "".join(BODY.format(number) for number in range(150))
    files = {
        f"pkg/m{number}.py": f"import sys\nsys.settrace(print)\n{body}x = {number}\n"
        for number in range(60)
    }
    target = site_dir(tmp_path / "site-packages", {"demo-1.0": files})
    (tmp_path / "work").mkdir()
    wrong = [
        f"{name}: {fact}" for name, _, seen in survive(target, tmp_path / "work") for fact in seen.wrong
    ]
    assert wrong == []
