"""Projects and lock files as inputs, and a word for what is none."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import msgspec
import pytest

from tests.support.factories import tree
from wheelwatch.limits import DEFAULT
from wheelwatch.sources.index.machine import Machine
from wheelwatch.sources.plan import Plan
from wheelwatch.sources.request import Inputs, gather

PROJECT = """
[project]
name = "My.App"
version = "1"
dependencies = ["requests>=2", 'colorama ; sys_platform == "win32"', "my-app[web]"]
[project.optional-dependencies]
web = ["flask"]
db = ["psycopg[binary]"]
[dependency-groups]
test = ["pytest", {include-group = "lint"}]
lint = ["ruff", {include-group = "test"}]
"""


def plan(folder: Path, text: str, name: str = "pyproject.toml", **inputs: object) -> Plan:
    tree(folder, {name: text})
    given = Inputs(files=(str(folder / name),), **inputs)  # type: ignore[arg-type]
    return gather(given, Machine(), DEFAULT, cache=str(folder / "cache")).plan


def names(found: Plan) -> list[str]:
    return [row.line for row in found.requirements]


def test_a_project_with_extras_and_groups(tmp_path: Path) -> None:
    found = plan(tmp_path, PROJECT)
    assert names(found) == ["requests>=2", 'colorama ; sys_platform == "win32"', "flask"]
    assert found.requirements[0].asked.line == 5
    assert names(plan(tmp_path, PROJECT, extras=("db",)))[-1] == "psycopg[binary]"
    assert names(plan(tmp_path, PROJECT, groups=("test",)))[-2:] == ["pytest", "ruff"]
    assert {"flask", "psycopg[binary]"} <= set(names(plan(tmp_path, PROJECT, extras=("*",))))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[project]\nname = "a"\ndynamic = ["dependencies"]\n', "only after a build"),
        ('[tool.poetry]\nname = "a"\n', "no [project] table"),
        ("[project\n", "cannot be read"),
        ('[project]\nname = "a"\ndependencies = ["b=1"]\n', "'==' is"),
        (
            '[project]\nname="a"\ndependencies=["b"]\n[tool.uv.sources]\nb={git="https://u:pw@x/b"}\n',
            "takes b from",
        ),
        ('[project]\nname="a"\n[tool.uv]\noverride-dependencies=["b==1"]\n', "overrides"),
    ],
)
def test_what_cannot_be_told_without_a_build_is_refused(tmp_path: Path, text: str, words: str) -> None:
    found = plan(tmp_path, text)
    assert words in found.failures[0].what
    assert "pw" not in repr(found.failures)


def test_an_extra_or_group_that_is_not_there(tmp_path: Path) -> None:
    found = plan(tmp_path, PROJECT, extras=("nope",), groups=("none",))
    assert [failure.what for failure in found.failures] == [
        "there is no extra nope",
        "there is no dependency group none",
    ]


def test_constraints_and_paths_of_uv(tmp_path: Path) -> None:
    tree(tmp_path / "lib", {"pyproject.toml": '[project]\nname="lib"\nversion="1"\n'})
    text = (
        '[project]\nname="a"\ndependencies=["lib", "six"]\n[tool.uv]\nconstraint-dependencies=["six<2"]\n'
        '[tool.uv.sources]\nlib={path="lib", editable=true}\n'
    )
    found = plan(tmp_path, text)
    assert [row.line for row in found.constraints] == ["six<2"]
    assert [(row.name, row.place) for row in found.directs] == [("lib", str(tmp_path / "lib"))]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("poetry.lock", "poetry export"),
        ("Pipfile.lock", "pipenv requirements"),
        ("environment.yml", "pip freeze"),
        ("setup.py", "pip-compile"),
        ("other.toml", "no file that can be audited"),
    ],
)
def test_files_of_others_are_told_how_to_convert(tmp_path: Path, name: str, words: str) -> None:
    assert words in plan(tmp_path, "x = 1\n", name).failures[0].what


def test_missing_files_and_folders(tmp_path: Path) -> None:
    given = Inputs(files=(str(tmp_path / "no.txt"), str(tmp_path), str(tmp_path / "pylock.toml"), "\0.txt"))
    found = gather(given, Machine(), DEFAULT, cache="").plan
    assert len(found.failures) == 4


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"six==1.16.0\n-e git+https://x.example/d.git#egg=d\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    found = gather(Inputs(files=("-",)), Machine(), DEFAULT, cache="").plan
    assert names(found) == ["six==1.16.0"]
    assert found.requirements[0].asked.place == "<stdin>:1"
    assert found.directs[0].name == "d"


@pytest.mark.parametrize(
    ("stream", "words"),
    [(None, "standard input is closed"), (b"six==1.16.0\n# padding\n", "has more than 20 bytes")],
)
def test_standard_input_that_is_not_all_there(
    monkeypatch: pytest.MonkeyPatch, stream: bytes | None, words: str
) -> None:
    given = None if stream is None else io.TextIOWrapper(io.BytesIO(stream))
    monkeypatch.setattr(sys, "stdin", given)
    limits = msgspec.structs.replace(DEFAULT, metadata_bytes=20)
    found = gather(Inputs(files=("-",)), Machine(), limits, cache="").plan
    assert found.requirements == ()
    assert [row.what for row in found.failures] == [words]


LOCK = """
lock-version = "1.0"
created-by = "somebody"
[[packages]]
name = "old"
version = "1.0"
marker = "python_version < '3'"
wheels = [{ url = "https://x.example/old-1.0-py3-none-any.whl", hashes = { sha256 = "aa" } }]
[[packages]]
name = "demo"
version = "2.0"
wheels = [
  { url = "https://x.example/demo-2.0-cp27-none-any.whl", hashes = { sha256 = "bb" } },
  { url = "https://x.example/demo-2.0-py3-none-any.whl", size = 9, upload-time = 2026-01-02T03:04:05Z,\
 hashes = { sha256 = "cc" } },
]
[[packages]]
name = "repo"
version = "1.0"
vcs = { type = "git", url = "https://x.example/repo.git", commit-id = "abc" }
"""


def test_a_lock_of_the_standard(tmp_path: Path) -> None:
    found = plan(tmp_path, LOCK, "pylock.dev.toml")
    (demo,) = found.locked
    assert (demo.name, demo.version, demo.hashes, demo.size) == ("demo", "2.0", ("sha256:cc",), 9)
    assert demo.uploaded == "2026-01-02T03:04:05Z"
    assert demo.asked is not None
    assert (demo.asked.file, demo.asked.line) == (str(tmp_path / "pylock.dev.toml"), 10)
    assert [failure.what for failure in found.failures] == ["repo comes from a repository or a folder"]


@pytest.mark.parametrize(
    "text",
    [
        "lock-version = 2\n",
        'lock-version = "9.0"\ncreated-by = "x"\npackages = []\n',
        "= 1",
        "[" * 100_000,
        LOCK.replace("demo-2.0-py3", "evil-2.0-py3"),
        LOCK.replace('py3-none-any.whl", size', 'cp27-none-any.whl", size'),
    ],
)
def test_locks_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    found = plan(tmp_path, text, "pylock.toml")
    assert found.locked == ()
    assert found.failures


def test_a_lock_without_hashes_proves_nothing(tmp_path: Path) -> None:
    found = plan(tmp_path, LOCK.replace('sha256 = "cc"', 'md5 = "cc"'), "pylock.toml")
    assert any("no hash" in failure.what for failure in found.failures)
    assert found.locked == ()
