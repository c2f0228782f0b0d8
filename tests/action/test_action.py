"""The steps of the action as plain shell, as CI runs them, and the hooks for pre-commit."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types
from pre_commit import clientlib  # type: ignore[import-untyped]  # ships no types

from tests.support.factories import tree, wheel
from tests.support.program import AMBIENT

pytestmark = pytest.mark.network

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")
QUIET = {"demo/__init__.py": ""}
TRACED = {"zz.pth": "import sys; sys.settrace(print)\n", **QUIET}
BROKEN = {"zz.pth": "import demo\n", "demo/__init__.py": "def f(:\n"}


class Outcome(NamedTuple):
    """What a job leaves behind."""

    code: int
    log: str
    summary: str
    outputs: dict[str, str]


class Runner:
    """Runs the ``run`` steps of the action one after the other, until one fails."""

    def __init__(self, temp: Path, shared: Path) -> None:
        """``temp`` is the runner's own folder; ``shared`` holds, or gets, what the first step installs."""
        self.temp = shared
        done = shared / "installed"
        if not done.exists():
            self.install()
            done.touch()
        self.temp = temp
        if temp != shared:
            (temp / "wheelwatch").symlink_to(shared / "wheelwatch")

    def install(self) -> None:
        done = self._step(
            "install", {"github.action_path": str(ROOT), "inputs.python": sys.executable}, ROOT
        )
        assert done.returncode == 0, done.stderr

    def job(self, project: Path, base: str = "", queue: str = "", **inputs: str) -> Outcome:
        """One job in a checkout; ``base``: a pull request's branch, ``queue``: a merge queue's commit."""
        known = {f"inputs.{name}": str(row.get("default", "")) for name, row in ACTION["inputs"].items()}
        known |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        known |= {"github.base_ref": base, "github.event.merge_group.base_sha": queue}
        for name in ("summary", "output"):
            (self.temp / name).write_text("")
        log, code = "", 0
        for step in ("policy", "judge", "verdict"):
            (self.temp / "output").write_text("")
            done = self._step(step, known, project)
            rows = (line.partition("=") for line in (self.temp / "output").read_text().splitlines())
            known |= {f"steps.{step}.outputs.{key}": value for key, _, value in rows}
            log += done.stdout + done.stderr
            code = done.returncode
            if code:
                break
        outputs = {
            key.rpartition(".")[2]: value for key, value in known.items() if key.startswith("steps.judge")
        }
        return Outcome(code, log, (self.temp / "summary").read_text(), outputs)

    def _step(self, name: str, known: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
        (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == name]
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "inputs come through env only"
        given = {
            key: EXPRESSION.sub(lambda found: known.get(found[1], ""), text)
            for key, text in step["env"].items()
        }
        runner = {
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
        }
        inherited = {key: value for key, value in os.environ.items() if key not in AMBIENT}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=cwd,
            env=inherited | runner | given,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """What the first step installs is there once for all workers of a run of tests."""
    temp = tmp_path_factory.mktemp("runner")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return Runner(temp, temp)
    shared = tmp_path_factory.getbasetemp().parent / "action"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return Runner(temp, shared)


@pytest.mark.parametrize(
    ("files", "code", "word"),
    [(QUIET, 0, "pass"), (TRACED, 1, "fail"), (BROKEN, 2, "incomplete")],
)
def test_a_job_passes_fails_or_is_incomplete(
    runner: Runner, tmp_path: Path, files: dict[str, str], code: int, word: str
) -> None:
    wheel(tmp_path / "wheels", files)
    done = runner.job(tmp_path, targets="wheels\n")
    assert done.code == code, done.log
    assert done.outputs["exit-code"] == str(code)
    assert done.summary.startswith(f"## wheelwatch: {word}\n")
    log = json.loads(Path(done.outputs["sarif"]).read_text())
    assert log["runs"][0]["properties"]["outcome"] == word
    assert json.loads(Path(done.outputs["report"]).read_text())["outcome"] == word
    assert ("::error file=" in done.log) is (code != 0)


def test_bad_usage_leaves_no_summary(runner: Runner, tmp_path: Path) -> None:
    done = runner.job(tmp_path, targets="wheels", fail_on="awful")
    assert done.code == 2
    assert done.summary == ""


def test_requirements_are_audited_and_the_line_is_named(runner: Runner, tmp_path: Path) -> None:
    wheel(tmp_path / "shelf", TRACED)
    lines = f"--no-index\n--find-links {tmp_path / 'shelf'}\ndemo==1.0\n"
    tree(tmp_path, {"reqs/requirements.txt": lines})
    done = runner.job(tmp_path, requirements="reqs/requirements.txt")
    assert done.code == 1, done.log
    assert "::error file=reqs/requirements.txt,line=3,title=high%3A hook-trace::" in done.log


def test_inputs_are_no_shell(runner: Runner, tmp_path: Path) -> None:
    name = "a b; touch owned; $(touch owned) `touch owned`.whl"
    wheel(tmp_path, QUIET)
    done = runner.job(tmp_path, targets=name, fail_on="$(touch owned)", baseline="`touch owned`")
    assert done.code == 2
    assert not (tmp_path / "owned").exists()


def test_a_baseline_makes_it_green(runner: Runner, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", TRACED)
    command = [str(runner.temp / "wheelwatch" / "bin" / "wheelwatch"), "approve", "wheels", "--all"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert runner.job(tmp_path, targets="wheels", baseline="wheelwatch-baseline.toml").code == 0


class Checkout:
    """A repository with a base branch on its remote, and a pull request that changes the policy."""

    def __init__(self, folder: Path, base: dict[str, str], change: dict[str, str]) -> None:
        self.folder = folder / "clone"
        origin = tree(folder / "origin", {"README": "x", **base})
        self.git(origin, "init", "-q", "-b", "main")
        self.commit(origin)
        self.git(folder, "clone", "-q", origin.as_uri(), "clone")
        tree(self.folder, change)
        self.commit(self.folder)
        wheel(self.folder / "wheels", TRACED)

    def git(self, folder: Path, *arguments: str) -> str:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout

    def commit(self, folder: Path) -> None:
        self.git(folder, "add", "-A")
        self.git(folder, "commit", "-q", "-m", "x")


NEVER = '[tool.wheelwatch]\nfail-on = "never"\n'
CRITICAL = '[tool.wheelwatch]\nfail-on = "critical"\n'


@pytest.mark.parametrize(
    ("base", "change", "inputs", "code"),
    [
        ({}, {"pyproject.toml": NEVER}, {}, 1),
        ({"pyproject.toml": '[project]\nname = "x"\n'}, {"pyproject.toml": NEVER}, {}, 1),
        ({"pyproject.toml": CRITICAL}, {"pyproject.toml": '[tool.wheelwatch]\nfail-on = "low"\n'}, {}, 0),
        (
            {"ci/own.toml": 'fail-on = "critical"\n'},
            {"ci/own.toml": 'fail-on = "low"\n'},
            {"config": "ci/own.toml"},
            0,
        ),
        ({}, {"ci/own.toml": 'fail-on = "never"\n'}, {"config": "ci/own.toml"}, 128),
        ({"pyproject.toml": "<<<<<<< HEAD\n"}, {"pyproject.toml": NEVER}, {}, 2),
        ({"pyproject.toml": "tool = 3\n"}, {"pyproject.toml": NEVER}, {}, 2),
    ],
)
def test_a_pull_request_is_judged_by_the_policy_of_its_base(
    runner: Runner,
    tmp_path: Path,
    base: dict[str, str],
    change: dict[str, str],
    inputs: dict[str, str],
    code: int,
) -> None:
    checkout = Checkout(tmp_path, base, change)
    done = runner.job(checkout.folder, base="main", targets="wheels", **inputs)
    assert done.code == code, done.log


@pytest.mark.parametrize("is_shallow", [False, True])
def test_a_merge_queue_is_judged_by_the_policy_of_its_base(
    runner: Runner, tmp_path: Path, *, is_shallow: bool
) -> None:
    """The base may be a commit of the queue that no branch names any more."""
    checkout = Checkout(tmp_path, {"pyproject.toml": CRITICAL}, {"pyproject.toml": NEVER})
    origin = tmp_path / "origin"
    base = checkout.git(origin, "rev-parse", "HEAD").strip()
    tree(origin, {"pyproject.toml": '[tool.wheelwatch]\nfail-on = "low"\n'})
    checkout.commit(origin)
    assert runner.job(checkout.folder, queue=base, targets="wheels").code == 0, (
        "critical, as its base has it"
    )
    checkout.git(origin, "branch", "queue")
    checkout.git(origin, "reset", "-q", "--hard", base)
    later = checkout.git(origin, "rev-parse", "queue").strip()
    if is_shallow:
        checkout.git(tmp_path, "clone", "-q", "--depth=1", origin.as_uri(), "shallow")
        checkout.folder = tmp_path / "shallow"
        wheel(checkout.folder / "wheels", TRACED)
    done = runner.job(checkout.folder, queue=later, targets="wheels")
    assert done.code == 1, done.log


def test_a_base_that_is_not_there_ends_the_job(runner: Runner, tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, {}, {"pyproject.toml": NEVER})
    done = runner.job(checkout.folder, queue="1" * 40, targets="wheels")
    assert done.code == 128, done.log


def test_a_push_is_judged_by_the_policy_of_the_checkout(runner: Runner, tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, {}, {"pyproject.toml": NEVER})
    assert runner.job(checkout.folder, targets="wheels").code == 0


def test_what_is_uploaded_is_what_was_written() -> None:
    (upload,) = [step for step in ACTION["runs"]["steps"] if "uses" in step]
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@")
    assert upload["with"]["sarif_file"] == "${{ steps.judge.outputs.sarif }}"
    steps = [step.get("id") for step in ACTION["runs"]["steps"]]
    assert steps == ["install", "policy", "judge", None, "verdict"], "the verdict comes after the upload"


@pytest.mark.parametrize(("files", "code"), [(QUIET, 0), (TRACED, 1)])
def test_the_hook_for_pre_commit(runner: Runner, tmp_path: Path, files: dict[str, str], code: int) -> None:
    manifest = clientlib.load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    (hook,) = [hook for hook in manifest if hook["id"] == "wheelwatch"]
    wheel(tmp_path / "shelf", files)
    lines = f"--no-index\n--find-links {tmp_path / 'shelf'}\ndemo\n"
    names = [
        "requirements.txt",
        "a b/requirements-dev.txt",
        "requirements/base.txt",
        "pylock.ci.toml",
        "uv.lock",
    ]
    assert all(re.search(hook["files"], name) for name in names)
    assert not re.search(hook["files"], "docs/notes.txt")
    tree(tmp_path, dict.fromkeys(names[:2], lines))
    path = f"{runner.temp / 'wheelwatch' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*shlex.split(hook["entry"]), *names[:2]],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
