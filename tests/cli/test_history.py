"""``wheelwatch diff`` of requirement files and pins, and ``diff --git`` on a real repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.factories import Files, tree, wheel
from tests.support.program import Done, wheelwatch

pytestmark = pytest.mark.network

QUIET = {"demo/__init__.py": ""}
TRACED = {"zz.pth": "import sys; sys.settrace(print)\n", **QUIET}
OTHER = {"other.py": "x = 1\n"}


class Project:
    """A git repository whose requirements come from a folder of wheels beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.shelf = folder / "shelf"
        self.folder.mkdir(parents=True)
        for version, files in (("1.0", QUIET), ("2.0", TRACED)):
            wheel(self.shelf, files, version=version)
        for version in ("1.0", "2.0"):
            wheel(self.shelf, OTHER, name="other", version=version)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def commit(self, files: Files) -> None:
        tree(self.folder, files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def lock(self, *pins: str) -> str:
        return f"--no-index\n--find-links {self.shelf}\n" + "".join(f"{pin}\n" for pin in pins)

    def diff(self, base: str, *options: str) -> Done:
        return wheelwatch("diff", "--git", base, "--no-cache", *options, cwd=self.folder)


def rows(done: Done) -> list[tuple[str, str, list[str], list[str]]]:
    document: dict[str, Any] = json.loads(done.out)
    return [(row["file"], row["name"], row["old"], row["new"]) for row in document["packages"]]


def test_two_lock_files_are_read_from_objects_and_nothing_is_run(tmp_path: Path) -> None:
    project = Project(tmp_path)
    marker = tmp_path / "ran"
    script = f"#!/bin/sh\ntouch {marker}\n"
    project.commit(
        {
            "requirements.txt": project.lock("demo==1.0"),
            "ops/requirements-dev.txt": "-r base.txt\n",
            "ops/base.txt": project.lock("other==1.0"),
            "setup.py": f"open({str(marker)!r}, 'w')\n",
        }
    )
    project.git("checkout", "-q", "-b", "feature")
    project.commit(
        {
            "requirements.txt": project.lock("demo==2.0"),
            "ops/base.txt": project.lock("other==2.0"),
            "docs/requirements.txt": project.lock("other==1.0"),
        }
    )
    hooks = tree(tmp_path / "hooks", dict.fromkeys(("post-checkout", "monitor", "pager"), script))
    for hook in hooks.iterdir():
        hook.chmod(0o755)
    project.git("config", "core.hooksPath", str(hooks))
    project.git("config", "core.fsmonitor", str(hooks / "monitor"))
    project.git("config", "core.pager", str(hooks / "pager"))
    before = sorted(path.as_posix() for path in project.folder.rglob("*"))
    done = project.diff("main", "--format", "json")
    assert done.code == 1, done.err
    assert rows(done) == [
        ("docs/requirements.txt", "other", [], ["1.0"]),
        ("ops/requirements-dev.txt", "other", ["1.0"], ["2.0"]),
        ("requirements.txt", "demo", ["1.0"], ["2.0"]),
    ]
    assert json.loads(done.out)["packages"][2]["begins"] is True
    assert not marker.exists()
    assert sorted(path.as_posix() for path in project.folder.rglob("*")) == before


def test_a_comment_for_a_pull_request(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.commit({"requirements.txt": project.lock("demo==1.0")})
    project.git("checkout", "-q", "-b", "feature")
    project.commit({"requirements.txt": project.lock("demo==2.0")})
    done = project.diff("main", "--format", "markdown", "-o", str(tmp_path / "comment.md"))
    assert (done.code, done.out) == (1, "")
    comment = (tmp_path / "comment.md").read_text()
    assert comment.startswith("## wheelwatch diff: fail\n")
    assert "<code>requirements.txt</code>: <code>demo</code>" in comment
    assert "**begins to run code at every start of the interpreter**" in comment
    assert str(tmp_path) not in comment


def test_what_the_base_got_meanwhile_is_not_ours(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.commit({"requirements.txt": project.lock("other==1.0")})
    project.git("checkout", "-q", "-b", "feature")
    project.commit({"README": "x"})
    project.git("checkout", "-q", "main")
    project.commit({"requirements.txt": project.lock("demo==2.0")})
    project.git("checkout", "-q", "feature")
    done = project.diff("main", "--format", "json")
    assert (done.code, rows(done)) == (0, [])
    assert "1 requirements and lock files, 0 of them changed" in done.err


def test_renamed_and_deleted_files(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.commit(
        {
            "requirements.txt": project.lock("demo==1.0", "other==1.0"),
            "old/requirements.txt": project.lock("other==1.0"),
        }
    )
    project.git("mv", "requirements.txt", "requirements-all.txt")
    project.git("rm", "-q", "old/requirements.txt")
    project.commit({"requirements-all.txt": project.lock("demo==1.0", "other==2.0")})
    done = project.diff("HEAD~1", "--format", "json")
    assert done.code == 0, done.err
    assert rows(done) == [
        ("requirements-all.txt", "other", ["1.0"], ["2.0"]),
        ("old/requirements.txt", "other", ["1.0"], []),
    ]


def test_what_a_path_names_is_taken_from_the_commits(tmp_path: Path) -> None:
    project = Project(tmp_path)
    marker = tmp_path / "ran"
    mine = '[project]\nname = "mine"\nversion = "1"\n'
    lines = f"{project.lock()}-e .\n--editable ./dyn[x]\n./old\n./vendor/third-1.0-py3-none-any.whl\n"
    third = wheel(tmp_path / "one", OTHER, name="third")
    project.commit(
        {
            "requirements.txt": lines,
            "pyproject.toml": f'{mine}dependencies = ["demo==1.0"]\n',
            "dyn/pyproject.toml": f'{mine}dynamic = ["dependencies"]\n',
            "old/setup.py": f"open({str(marker)!r}, 'w')\n",
            "vendor/third-1.0-py3-none-any.whl": third.read_bytes(),
            "more/requirements.txt": "--no-index\n-f vendor\nthird\n",
        }
    )
    again = wheel(tmp_path / "two", TRACED, name="third")
    project.commit(
        {
            "pyproject.toml": f'{mine}dependencies = ["demo==2.0"]\n',
            "vendor/third-1.0-py3-none-any.whl": again.read_bytes(),
        }
    )
    # What lies in the working tree is neither side.
    tree(project.folder, {"pyproject.toml": f'{mine}dependencies = ["gone==1.0"]\n'})
    (project.folder / "vendor" / "third-1.0-py3-none-any.whl").unlink()
    done = project.diff("HEAD~1", "--format", "json")
    assert done.code == 1, done.err
    assert rows(done) == [
        ("more/requirements.txt", "third", ["1.0"], ["1.0"]),
        ("requirements.txt", "demo", ["1.0"], ["2.0"]),
        ("requirements.txt", "third", ["1.0"], ["1.0"]),
    ]
    assert json.loads(done.out)["errors"] == []
    assert "dyn/pyproject.toml: [project] says that they are dynamic" in done.err
    assert "old/pyproject.toml: there is no [project] table" in done.err
    assert str(tmp_path / "project") not in done.err
    assert not marker.exists()


def test_no_line_shows_what_else_is_on_the_machine(tmp_path: Path) -> None:
    project = Project(tmp_path)
    secret = tree(tmp_path / "home", {"netrc": "machine x password hunter2\n", "p/pyproject.toml": "[x]\n"})
    project.commit({"README": "x"})
    lines = [
        f"-r {secret / 'netrc'}",
        "-r ../../../../../../../../etc/passwd",
        f"-c {secret / 'netrc'}",
        f"-e {secret / 'p'}",
        f"{secret / 'third-1.0-py3-none-any.whl'}",
        f"third @ file://{secret / 'third-1.0-py3-none-any.whl'}",
    ]
    project.commit({"requirements.txt": "\n".join([*lines, "-r link.txt", ""])})
    (project.folder / "link.txt").symlink_to(secret / "netrc")
    project.commit({})
    done = project.diff("HEAD~2", "--format", "json")
    assert done.code == 2, done.err
    found = [(row["where"], row["what"]) for row in json.loads(done.out)["errors"]]
    assert sorted(where.split(":")[1] for where, what in found if "leads out" in what) == list("123456")
    assert [what for where, what in found if where.startswith("requirements.txt:7")] != []
    assert not any(word in done.out + done.err for word in ("hunter2", "root:x"))


def test_no_project_of_a_commit_shows_what_else_is_on_the_machine(tmp_path: Path) -> None:
    """``[tool.uv.sources]``, direct references and lock files name paths too."""
    project = Project(tmp_path)
    secret = tree(
        tmp_path / "home",
        {"p/pyproject.toml": '[project]\nname="hunter"\nversion="2"\ndependencies=["pw"]\n'},
    )
    folder = secret / "p"
    wheel(secret, OTHER, name="hidden")
    sources = f'p={{path="../../home/p"}}\nq={{path="{folder}"}}\nr={{url="file://{folder}"}}\n'
    needs = f'"p", "q", "r", "s", "hidden @ file://{secret}/hidden-1.0-py3-none-any.whl"'
    lib = f'[project]\nname="lib"\nversion="1"\ndependencies=[{needs}]\n'
    lib += f'[tool.uv.sources]\n{sources}s={{path="in"}}\n'
    lock = (
        'lock-version="1.0"\ncreated-by="x"\n[[packages]]\nname="hidden"\nversion="1.0"\n'
        f'[[packages.wheels]]\nname="hidden-1.0-py3-none-any.whl"\npath="{secret}/hidden-1.0-py3-none-any.whl"\n'
        f'hashes={{sha256="{"0" * 64}"}}\n'
    )
    project.commit({"README": "x"})
    project.commit(
        {
            "requirements.txt": "-e ./lib\n",
            "lib/pyproject.toml": lib,
            "lib/in/pyproject.toml": '[project]\nname="s"\nversion="1"\n',
            "pylock.toml": lock,
        }
    )
    done = project.diff("HEAD~1", "--format", "json")
    assert done.code == 2, done.err
    found = [(row["where"], row["what"]) for row in json.loads(done.out)["errors"]]
    outside = sorted(where for where, what in found if what == "leads out of the repository")
    assert [where.partition(":")[0] for where in outside] == ["lib/pyproject.toml"] * 4 + ["pylock.toml"]
    assert not any(word in done.out + done.err for word in ("hunter", "pw", "hidden-1.0.dist"))


def test_a_file_that_cannot_be_audited_is_an_error(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.commit({"requirements.txt": project.lock("demo==1.0")})
    project.commit({"requirements.txt": project.lock("demo==3.0")})
    done = project.diff("HEAD~1")
    assert done.code == 2
    assert "demo" in done.err
    assert str(tmp_path / "project") not in done.err


def test_the_base_is_not_there(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.commit({"requirements.txt": project.lock("demo==1.0")})
    for base in ("gone", "--upload-pack=x", "HEAD~7", "main:requirements.txt"):
        done = wheelwatch("diff", f"--git={base}", cwd=project.folder)
        assert done.code == 2, base
        assert f"there is no commit {base}" in done.err
    outside = wheelwatch("diff", "--git", "main", cwd=tmp_path)
    assert outside.code == 2
    assert "is in no git repository" in outside.err


def test_a_shallow_clone_says_what_to_fetch(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for version in ("1.0", "2.0"):
        project.commit({"requirements.txt": project.lock(f"demo=={version}")})
    first = project.git("rev-parse", "HEAD~1").strip()
    origin = project.folder.as_uri()
    project.git("clone", "-q", "--depth=1", origin, str(tmp_path / "clone"))
    project.folder = tmp_path / "clone"
    done = project.diff(first)
    assert done.code == 2
    assert f"git fetch --depth=1 origin {first}" in done.err
    project.git("config", "uploadpack.allowAnySHA1InWant", "true")
    subprocess.run(
        ["git", "config", "uploadpack.allowAnySHA1InWant", "true"], cwd=tmp_path / "project", check=True
    )
    project.git("fetch", "-q", "--depth=1", "origin", first)
    assert project.diff(first).code == 1


def test_no_such_files_are_nothing_to_judge(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.commit({"README": "x"})
    assert project.diff("HEAD").code == 3


def test_pins_and_requirement_files_as_sides(tmp_path: Path) -> None:
    project = Project(tmp_path)
    tree(tmp_path, {"old.txt": project.lock("demo==1.0"), "new.in": project.lock("demo>1")})
    done = wheelwatch("diff", tmp_path / "old.txt", tmp_path / "new.in", "--no-cache")
    assert done.code == 1, done.err
    assert done.out.startswith("demo  1.0 -> 2.0  none -> high\n")
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(project.shelf)}
    pins = wheelwatch("diff", "demo==1.0", "demo==2.0", "--no-cache", env=settings)
    assert pins.code == 1, pins.err
    mixed = wheelwatch(
        "diff", project.shelf / "demo-1.0-py3-none-any.whl", "demo==2.0", "--no-cache", env=settings
    )
    assert mixed.code == 1, mixed.err


def test_git_and_two_sides_do_not_go_together(tmp_path: Path) -> None:
    assert wheelwatch("diff", "a", "b", "--git", "main", cwd=tmp_path).code == 2
