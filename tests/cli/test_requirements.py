"""``wheelwatch approve`` of what would be installed, as ``audit`` finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_approve import TRACED, entries
from tests.support.factories import tree, wheel
from tests.support.program import wheelwatch

pytestmark = pytest.mark.network


def test_what_audit_finds_is_approved_from_the_same_file(tmp_path: Path) -> None:
    wheel(tmp_path / "shelf", TRACED)
    lines = f"--no-index\n--find-links {tmp_path / 'shelf'}\ndemo==1.0\n"
    tree(tmp_path, {"requirements.txt": lines})
    asked = ("-r", "requirements.txt", "--no-cache")
    assert wheelwatch("audit", *asked, cwd=tmp_path).code == 1
    done = wheelwatch("approve", *asked, "--all", cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    baseline = ("--baseline", "wheelwatch-baseline.toml")
    green = wheelwatch("audit", *asked, *baseline, cwd=tmp_path)
    assert green.code == 0, green.err
    assert "1 approved" in green.out
    pin = ("demo==1.0", "--no-index", "--find-links", "shelf", "--no-cache")
    assert wheelwatch("audit", *pin, *baseline, cwd=tmp_path).code == 0
    other = wheelwatch("approve", *pin, "--baseline", "pin.toml", "--reason", "x", cwd=tmp_path)
    assert other.code == 0, other.err
    assert [row["fingerprint"] for row in entries(tmp_path / "pin.toml")] == [
        row["fingerprint"] for row in entries(tmp_path / "wheelwatch-baseline.toml")
    ]
    assert wheelwatch("scan", "shelf", *baseline, cwd=tmp_path).code == 0, "of any source"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["-r", "requirements.txt", "demo-1.0-py3-none-any.whl"], "approve one after the other"),
        (["demo==1.0", "demo-1.0-py3-none-any.whl"], "approve one after the other"),
        (["demo-1.0-py3-none-any.whl", "--no-index"], "name a file with -r"),
        (["demo==1.0", "--python-version", "3.11", "--python-version", "3.12"], "approve one at a time"),
        (["-r", "gone.txt"], "gone.txt cannot be read"),
        (["demo-1.0-py3-none-any.whl", "--baseline", "-"], "names no file"),
        (["demo-1.0-py3-none-any.whl", "--baseline", ""], "names no file"),
    ],
)
def test_targets_and_requirements_are_approved_apart(
    tmp_path: Path, arguments: list[str], word: str
) -> None:
    target = wheel(tmp_path, TRACED)
    done = wheelwatch("approve", *arguments, "--all", cwd=tmp_path, env={"WHEELWATCH_OFFLINE": "1"})
    assert (done.code, word in done.err) == (2, True), done.err
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
