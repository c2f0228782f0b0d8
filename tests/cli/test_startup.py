"""``wheelwatch startup`` as users see it: streams, formats, files, variables, exit codes."""

from __future__ import annotations

import json
import os
import sysconfig
import venv
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest

from tests.support.factories import site_dir, tree, wheel
from tests.support.program import wheelwatch
from wheelwatch.limits import DEFAULT

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((files("wheelwatch.report") / "startup.json").read_text(encoding="utf-8"))
BOOT = {
    "zz.pth": "import demo._boot\n",
    "demo/__init__.py": "",
    "demo/_boot.py": "from demo._hooks import install\n\ninstall()\n",
    "demo/_hooks.py": "import sys\n\n\ndef install():\n    sys.settrace(print)\n",
}


def valid(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_a_step_is_told_with_owner_verdict_and_what_it_reaches(tmp_path: Path) -> None:
    done = wheelwatch("startup", wheel(tmp_path, BOOT))
    assert (done.code, done.err) == (1, "")
    rows = [row.strip() for row in done.out.splitlines()]
    assert "Python 3.8 to 3.15: 1 step" in rows
    assert "1 high      zz.pth:1  demo 1.0" in rows
    assert "= runs: demo/__init__.py, demo/_boot.py, demo/_hooks.py" in rows
    assert "> high: reaches sys.settrace  demo/_hooks.py:5" in rows
    assert rows[-1].startswith("fail: 1 startup step; 1 high")


def test_json_on_stdout_and_the_summary_on_stderr(tmp_path: Path) -> None:
    path = wheel(tmp_path, BOOT)
    done = wheelwatch("startup", path, "--format", "json")
    document = valid(done.out)
    assert document["outcome"] == "fail"
    assert document["starts"][0]["target"] == str(path)
    assert done.err.startswith("fail: 1 startup step")
    assert wheelwatch("startup", path, "--format", "json", "--quiet").err == ""


def test_two_runs_say_the_same(tmp_path: Path) -> None:
    path = wheel(tmp_path, BOOT)
    runs = [wheelwatch("startup", path, "--format", "json", "--workers", str(n)).out for n in (1, 3)]
    assert runs[0] == runs[1]


def test_the_same_table_of_exit_codes(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    quiet = wheel(tmp_path, {"six.py": "import sys\nsys.settrace(print)\n"}, name="quiet")
    unread = wheel(tmp_path, {"a.pth": b"#" * (DEFAULT.startup_bytes + 1)}, name="unread")
    for number, (arguments, code) in enumerate(
        {
            (str(quiet),): 0,
            (str(wheel(tmp_path, BOOT)),): 1,
            (str(tmp_path / "demo-1.0-py3-none-any.whl"), "--fail-on", "never"): 0,
            (str(unread), "--fail-on", "never"): 2,
            (str(tmp_path / "gone.whl"),): 2,
            (str(tmp_path / "empty"),): 3,
        }.items()
    ):
        out = tmp_path / f"{number}.json"
        assert wheelwatch("startup", *arguments, "--format", "json", "-o", out).code == code, arguments
        valid(out.read_text())
    assert wheelwatch("startup", "--fail-on", "worst").code == 2
    assert wheelwatch("startup", str(quiet), "--python-version", "2.7").code == 2


def test_every_flag_has_a_variable(tmp_path: Path) -> None:
    settings = {
        "WHEELWATCH_FORMAT": "json",
        "WHEELWATCH_FAIL_ON": "never",
        "WHEELWATCH_PYTHON_VERSION": "3.12 3.9",
        "WHEELWATCH_WORKERS": "1",
        "WHEELWATCH_QUIET": "1",
        "WHEELWATCH_OUTPUT": str(tmp_path / "out.json"),
        "WHEELWATCH_COLOR": "never",
        "WHEELWATCH_VERBOSE": "1",
        "WHEELWATCH_AS": "site",
    }
    done = wheelwatch("startup", wheel(tmp_path, BOOT), env=settings)
    assert (done.code, done.out, done.err) == (0, "", "")
    document = valid((tmp_path / "out.json").read_text())
    assert document["pythons"] == ["3.9", "3.12"]


def test_colours(tmp_path: Path) -> None:
    path = wheel(tmp_path, BOOT)
    assert "\x1b[" in wheelwatch("startup", path, "--color", "always").out
    assert "\x1b[" not in wheelwatch("startup", path).out


def test_several_targets_are_several_starts(tmp_path: Path) -> None:
    one = site_dir(tmp_path / "one/lib/python3.12/site-packages", {"demo-1.0": BOOT})
    two = tree(tmp_path / "two/lib/python3.13/site-packages", {"zz.pth": "import os\n"})
    document = valid(wheelwatch("startup", one, two, "--format", "json").out)
    told = [
        (start["target"], [order["pythons"] for order in start["orders"]]) for start in document["starts"]
    ]
    assert told == [(str(one), [["3.12"]]), (str(two), [["3.13"]])]


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A small environment whose interpreter can run wheelwatch, and the variables for it."""
    prefix = tmp_path / "own"
    venv.EnvBuilder(symlinks=True).create(prefix)
    site = next(prefix.glob("lib/python3*/site-packages"))
    site_dir(site, {"demo-1.0": {"zz.pth": "import sys\n"}})
    paths = [str(ROOT / "src"), *sysconfig.get_paths()["purelib"].split(os.pathsep)]
    return prefix, {"PYTHONPATH": os.pathsep.join(paths)}


@pytest.mark.parametrize("verb", ["scan", "startup"])
def test_the_own_environment_says_that_it_is_too_late(verb: str, own: tuple[Path, dict[str, str]]) -> None:
    prefix, variables = own
    done = wheelwatch(verb, prefix, env=variables, python=prefix / "bin" / "python")
    assert done.code == 0, done.err
    assert f"{prefix}: this environment runs wheelwatch: its startup code has run before" in done.err
    assert "`uvx wheelwatch scan PATH`" in done.err
    assert "pipx run" in done.err


def test_json_marks_the_own_environment(tmp_path: Path, own: tuple[Path, dict[str, str]]) -> None:
    prefix, variables = own
    targets = (wheel(tmp_path, BOOT), prefix)
    python = prefix / "bin" / "python"
    done = wheelwatch("startup", *targets, "--format", "json", env=variables, python=python)
    assert [start["own"] for start in valid(done.out)["starts"]] == [False, True]


def test_baseline_and_policy_hold_for_what_starts(tmp_path: Path) -> None:
    folder = site_dir(
        tmp_path / "site-packages", {"demo-1.0": {"zz.pth": "import sys; sys.settrace(print)\n"}}
    )
    assert wheelwatch("startup", folder, cwd=tmp_path).code == 1
    assert wheelwatch("approve", folder, "--all", cwd=tmp_path).code == 0
    approved = ("--baseline", "wheelwatch-baseline.toml")
    assert wheelwatch("startup", folder, *approved, cwd=tmp_path).code == 0
    (tmp_path / "policy.toml").write_text('startup-files = "approve"\n')
    asked = wheelwatch("startup", folder, *approved, "--config", "policy.toml", cwd=tmp_path)
    assert asked.code == 1
    assert "gate: the policy wants every startup file approved" in " ".join(asked.out.split())
    wheelwatch("approve", folder, "--all", "--config", "policy.toml", cwd=tmp_path)
    assert wheelwatch("startup", folder, *approved, "--config", "policy.toml", cwd=tmp_path).code == 0
