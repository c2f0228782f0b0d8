"""``wheelwatch approve``, ``--baseline`` and ``--config`` as users see them."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.factories import tree, wheel
from tests.support.program import AMBIENT, wheelwatch

pytestmark = pytest.mark.processes

TRACED = {"zz.pth": "import sys; sys.settrace(print)\n", "demo/__init__.py": ""}
BROKEN = {"zz.pth": "import demo\n", "demo/__init__.py": "def f(:\n"}


def entries(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(path.read_text())["approved"]
    return found


def test_adopting_makes_the_run_green(tmp_path: Path) -> None:
    target = wheel(tmp_path, TRACED)
    done = wheelwatch("approve", target, "--all", "--who", "ada", cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    assert done.err == "wheelwatch-baseline.toml: 1 finding approved\n"
    baseline = tmp_path / "wheelwatch-baseline.toml"
    (entry,) = entries(baseline)
    assert (entry["package"], entry["rule"], entry["trigger"]) == ("demo", "hook-trace", "startup")
    assert (entry["who"], entry["reason"]) == ("ada", "there when wheelwatch was adopted")
    assert wheelwatch("scan", target).code == 1
    green = wheelwatch("scan", target, "--baseline", baseline)
    assert green.code == 0
    assert "high[hook-trace]" not in green.out
    assert "1 approved" in green.out
    assert "high[hook-trace]" in wheelwatch("scan", target, "--baseline", baseline, "--verbose").out
    report = wheelwatch("scan", target, "--baseline", baseline, "--format", "json").report
    rulings = [row["standing"] and row["standing"]["ruling"] for row in report["packages"][0]["findings"]]
    assert rulings == ["approved", None]


def test_a_second_approval_adds_to_the_first(tmp_path: Path) -> None:
    one, two = wheel(tmp_path, TRACED), wheel(tmp_path, TRACED, name="other")
    for target in (one, two):
        assert wheelwatch("approve", target, "--reason", "a test", cwd=tmp_path).code == 0
    baseline = tmp_path / "wheelwatch-baseline.toml"
    assert [entry["package"] for entry in entries(baseline)] == ["demo", "other"]
    assert wheelwatch("scan", one, two, "--baseline", baseline).code == 0
    pruned = wheelwatch("approve", one, "--all", "--prune", cwd=tmp_path)
    assert pruned.code == 0
    assert [entry["package"] for entry in entries(baseline)] == ["demo"]


def test_a_stale_entry_is_named(tmp_path: Path) -> None:
    wheelwatch("approve", wheel(tmp_path, TRACED), "--all", cwd=tmp_path)
    baseline = tmp_path / "wheelwatch-baseline.toml"
    done = wheelwatch("scan", wheel(tmp_path / "new", {"demo/__init__.py": ""}), "--baseline", baseline)
    assert done.code == 0
    assert "stale approval: demo hook-trace zz.pth" in done.out


def test_an_expired_entry_stops_and_is_named(tmp_path: Path) -> None:
    target = wheel(tmp_path, TRACED)
    done = wheelwatch("approve", target, "--all", "--expires", "2999-01-31", cwd=tmp_path)
    assert done.code == 0
    baseline = tmp_path / "wheelwatch-baseline.toml"
    assert wheelwatch("scan", target, "--baseline", baseline).code == 0
    baseline.write_text(baseline.read_text().replace("2999-01-31", "2020-01-31"))
    over = wheelwatch("scan", target, "--baseline", baseline)
    assert over.code == 1
    assert "expired on 2020-01-31" in over.out
    assert "expired approval: demo hook-trace zz.pth" in over.out


def test_what_was_not_analysed_can_be_approved_until_it_changes(tmp_path: Path) -> None:
    target = wheel(tmp_path, BROKEN)
    assert wheelwatch("scan", target).code == 2
    wheelwatch("approve", target, "--all", cwd=tmp_path)
    baseline = tmp_path / "wheelwatch-baseline.toml"
    green = wheelwatch("scan", target, "--baseline", baseline)
    assert (green.code, "not analysed" in green.out) == (0, True)
    changed = wheel(tmp_path / "new", {**BROKEN, "demo/__init__.py": "def f(;\n"})
    again = wheelwatch("scan", changed, "--baseline", baseline)
    assert again.code == 2


def test_errors_are_not_approved(tmp_path: Path) -> None:
    target, gone = wheel(tmp_path, TRACED), tmp_path / "gone.whl"
    done = wheelwatch("approve", target, gone, "--all", cwd=tmp_path)
    assert done.code == 0
    assert "errors are never approved" in done.err
    baseline = tmp_path / "wheelwatch-baseline.toml"
    assert wheelwatch("scan", target, gone, "--baseline", baseline).code == 2
    alone = wheelwatch("approve", gone, "--all", "--baseline", tmp_path / "none.toml")
    assert alone.code == 2
    assert not (tmp_path / "none.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "--reason"),
        (["--all", "--expires", "tomorrow"], "2027-01-31"),
        (["--all", "--expires", "2020-01-01"], "is over already"),
        (["--all", "--baseline", "no/baseline.toml"], "cannot be written"),
        (["--all", "--config", "no.toml"], "No such file"),
        (["--all", "--baseline", "bad.toml"], "is no TOML"),
    ],
)
def test_bad_usage_writes_nothing(tmp_path: Path, arguments: list[str], word: str) -> None:
    (tmp_path / "bad.toml").write_text("<<<<<<<\n")
    target = wheel(tmp_path, TRACED)
    done = wheelwatch("approve", target, *arguments, cwd=tmp_path)
    assert done.code == 2
    assert word in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.toml", target.name]


def test_nothing_to_scan_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = wheelwatch("approve", tmp_path / "empty", "--all", cwd=tmp_path)
    assert done.code == 2
    assert not (tmp_path / "wheelwatch-baseline.toml").exists()


def test_the_baseline_of_a_target_is_not_taken(tmp_path: Path) -> None:
    folder = tree(tmp_path / "site-packages", TRACED)
    done = wheelwatch("approve", ".", "--all", cwd=folder)
    assert done.code == 2
    assert "belongs to a target" in done.err


def answer(tmp_path: Path, target: Path, typed: str) -> int:
    """Approves on a terminal, where this is typed."""
    owner, terminal = pty.openpty()
    os.write(owner, typed.encode())
    inherited = {name: value for name, value in os.environ.items() if name not in AMBIENT}
    process = subprocess.Popen(
        [sys.executable, "-m", "wheelwatch", "approve", str(target)],
        cwd=tmp_path,
        env=inherited | {"PYTHONUTF8": "1"},
        stdin=terminal,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    try:
        while os.read(owner, 4096):
            pass
    except OSError:  # everybody has closed the terminal
        pass
    finally:
        os.close(owner)
    return process.wait(60)


@pytest.mark.parametrize(
    ("typed", "code", "reasons"),
    [
        ("y\nour own tool\n", 0, ["our own tool"]),
        ("y\n\nsaid late\n", 0, ["said late"]),
        ("n\n", 0, []),
        ("\x04", 2, None),
    ],
)
def test_one_by_one_on_a_terminal(tmp_path: Path, typed: str, code: int, reasons: list[str] | None) -> None:
    assert answer(tmp_path, wheel(tmp_path, TRACED), typed) == code
    baseline = tmp_path / "wheelwatch-baseline.toml"
    if reasons is None:
        assert not baseline.exists()
    elif not reasons:
        assert "approved" not in tomllib.loads(baseline.read_text())
    else:
        assert [entry["reason"] for entry in entries(baseline)] == reasons


def test_the_policy_of_the_current_directory(tmp_path: Path) -> None:
    target = wheel(tmp_path / "wheels", TRACED)
    project = tree(tmp_path / "project", {"pyproject.toml": '[tool.wheelwatch]\nfail-on = "critical"\n'})
    assert wheelwatch("scan", target, cwd=project).code == 0
    assert wheelwatch("scan", target, "--fail-on", "high", cwd=project).code == 1
    assert wheelwatch("scan", target, cwd=project, env={"WHEELWATCH_FAIL_ON": "high"}).code == 1
    tree(project, {"own.toml": 'fail-on = "medium"\n'})
    assert wheelwatch("scan", target, "--config", "own.toml", cwd=project).code == 1
    report = wheelwatch("scan", target, "--config", "own.toml", "--format", "json", cwd=project).report
    assert (report["fail_on"], report["policy"]) == ("medium", "own.toml")


def test_a_target_cannot_set_the_policy(tmp_path: Path) -> None:
    never = {"pyproject.toml": '[tool.wheelwatch]\nfail-on = "never"\n', **TRACED}
    folder = tree(tmp_path / "site-packages", never)
    tree(folder / "inner", {"pyproject.toml": never["pyproject.toml"]})
    for target, cwd in ((folder, tmp_path), (Path(), folder), (folder, folder), (folder, folder / "inner")):
        done = wheelwatch("scan", target, cwd=cwd)
        assert done.code == 1, (target, cwd)
        assert ("belongs to the target" in done.err) is (cwd != tmp_path)


@pytest.mark.parametrize(
    ("text", "word"),
    [("[tool.wheelwatch]\nfail = 1\n", "tool.wheelwatch.fail"), ("[tool", "is no TOML")],
)
def test_a_bad_policy_is_no_verdict(tmp_path: Path, text: str, word: str) -> None:
    target = wheel(tmp_path, TRACED)
    (tmp_path / "pyproject.toml").write_text(text)
    done = wheelwatch("scan", target, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert word in done.err


def test_what_the_policy_denies_is_said_to_stay(tmp_path: Path) -> None:
    target = wheel(tmp_path, TRACED)
    (tmp_path / "policy.toml").write_text('startup-files = "deny"\n')
    done = wheelwatch("approve", target, "--all", "--config", "policy.toml", cwd=tmp_path)
    assert done.code == 0
    assert done.err.startswith("1 finding denied by the policy: approving changes nothing there\n")
    assert [entry["rule"] for entry in entries(tmp_path / "wheelwatch-baseline.toml")] == ["hook-trace"]
