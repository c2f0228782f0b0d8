"""``--limit``: what files may cost, by name and value."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.support.factories import wheel
from tests.support.program import wheelwatch
from wheelwatch.cli.session import limits
from wheelwatch.errors import UsageError
from wheelwatch.limits import DEFAULT, MIB


def test_nothing_given_is_the_default() -> None:
    assert limits(()) is DEFAULT


def test_values_have_units() -> None:
    changed = limits(["worker_bytes=512M", "analysis_seconds=2.5", "nodes=9k", "snippet=80"])
    assert changed == msgspec.structs.replace(
        DEFAULT, worker_bytes=512 * MIB, analysis_seconds=2.5, nodes=9 * 1024, snippet=80
    )


@pytest.mark.parametrize(
    "text",
    [
        "nodes",
        "nodes=",
        "nodes=0",
        "nodes=-1",
        "nodes=many",
        "node=1",
        "=1",
        "",
        "analysis_seconds=nan",
        "analysis_seconds=inf",
        "analysis_seconds=1M",
        "nodes=1.5",
    ],
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--limit"):
        limits([text])


@pytest.mark.processes
def test_a_limit_holds_for_a_run_and_is_kept_apart(tmp_path: Path) -> None:
    target = wheel(tmp_path, {"demo.py": "import sys\n\nsys.settrace(print)\n"})
    assert wheelwatch("scan", target, "--format", "json").report["complete"]
    for how in (["--limit", "nodes=3"], []):
        env = {} if how else {"WHEELWATCH_LIMIT": "nodes=3"}
        done = wheelwatch("scan", target, "--format", "json", *how, env=env)
        assert done.code == 2
        (row,) = done.report["packages"][0]["not_analysed"]
        assert row["reason"] == "too-many-nodes"
    assert wheelwatch("scan", target, "--format", "json").report["complete"]
    assert wheelwatch("scan", target, "--limit", "nodes").code == 2
