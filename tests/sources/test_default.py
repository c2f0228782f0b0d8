"""Which environment is taken when no target is given."""

from pathlib import Path

import pytest

from tests.support.factories import tree
from wheelwatch.limits import DEFAULT
from wheelwatch.sources import default, find


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return tmp_path


def env(folder: Path) -> str:
    return str(tree(folder, {"pyvenv.cfg": "version = 3.12.1\n", "lib/python3.12/site-packages/a.py": ""}))


def test_the_order_is_that_of_the_promise(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = default.default_target()
    assert own is not None
    assert own.why == "the environment that runs wheelwatch"
    seen = [own.prefix]
    for name in ("venv", ".venv"):
        env(bare / "here" / name)
        choice = default.default_target()
        assert choice is not None
        seen.append(choice.prefix)
    for variable in ("CONDA_PREFIX", "VIRTUAL_ENV"):
        monkeypatch.setenv(variable, env(bare / variable))
        choice = default.default_target()
        assert choice is not None
        seen.append(choice.prefix)
    assert seen[1:] == ["venv", ".venv", str(bare / "CONDA_PREFIX"), str(bare / "VIRTUAL_ENV")]


def test_the_environment_of_a_tool_is_not_meant(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = env(bare / "tool")
    tree(Path(tool), {"uv-receipt.toml": ""})
    monkeypatch.setattr("sys.prefix", tool)
    other = env(bare / "other")
    tree(Path(other) / "bin", {"python3": "#!/bin/sh\n"})
    (Path(other) / "bin/python3").chmod(0o755)
    monkeypatch.setenv("PATH", f"{other}/bin")
    choice = default.default_target()
    assert choice is not None
    assert (choice.prefix, choice.why) == (other, "python3 on PATH")


def test_without_anything_there_is_a_failure(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = env(bare / "tool")
    tree(Path(tool), {"pipx_metadata.json": ""})
    monkeypatch.setattr("sys.prefix", tool)
    monkeypatch.setenv("PATH", str(bare))
    found = find([], as_=None, limits=DEFAULT)
    assert found.sets == ()
    assert found.failures[0].hint


def test_the_choice_is_said(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", env(bare / "env"))
    found = find([], as_=None, limits=DEFAULT)
    assert found.notes[0] == f"no target given: scanning {bare / 'env'} (from VIRTUAL_ENV)"
