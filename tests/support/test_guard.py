"""The guard bites, and only where it should."""

from __future__ import annotations

import ast
import collections
import contextlib
import dataclasses
import importlib.util
import multiprocessing
import os
import py_compile
import runpy
import site
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.factories import tree, wheel
from tests.support.guard import GUARD, ROOT, ExecutedError


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder whose module leaves a marker beside itself when it runs."""
    source = "import pathlib; pathlib.Path(__file__).with_name('ran').touch()\n"
    return tree(tmp_path / "target", {"victim_of_guard.py": source, "x.pth": "import sys; sys.ran = 1\n"})


def import_file(target: Path) -> None:
    spec = importlib.util.spec_from_file_location("victim_of_guard", target / "victim_of_guard.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def import_by_path(target: Path) -> None:
    sys.path.insert(0, str(target))
    try:
        importlib.import_module("victim_of_guard")
    finally:
        sys.path.remove(str(target))


def import_bytecode(target: Path) -> None:
    spec = importlib.util.spec_from_file_location("victim_of_guard", target / "bytecode.pyc")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def exec_string(target: Path) -> None:
    exec((target / "victim_of_guard.py").read_text(), {"__file__": str(target / "victim_of_guard.py")})


def compile_string(target: Path) -> None:
    compile((target / "victim_of_guard.py").read_bytes(), "<target>", "exec")


def add_site_folder(target: Path) -> None:
    site.addsitedir(str(target))


def run_path(target: Path) -> None:
    runpy.run_path(os.path.join(target, "victim_of_guard.py"))


def start_interpreter(target: Path) -> None:
    subprocess.run([sys.executable, str(target / "victim_of_guard.py")], check=True)


def start_shell(target: Path) -> None:
    os.system(f"true {target}")


def start_by_fork(target: Path) -> None:
    if os.fork() == 0:
        os._exit(0)


def open_socket(target: Path) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def look_up_host(target: Path) -> None:
    socket.getaddrinfo("localhost", 80)


@pytest.mark.executes
@pytest.mark.parametrize(
    "action",
    [
        import_file,
        import_by_path,
        import_bytecode,
        exec_string,
        compile_string,
        add_site_folder,
        run_path,
        start_interpreter,
        start_shell,
        start_by_fork,
        open_socket,
        look_up_host,
    ],
)
def test_every_way_to_run_a_target_is_stopped(
    action: Callable[[Path], None], target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    py_compile.compile(
        str(target / "victim_of_guard.py"), str(target / "bytecode.pyc"), dfile=os.__file__, doraise=True
    )
    with GUARD.armed(target), contextlib.suppress(ExecutedError):  # site reports it and goes on
        action(target)
    assert GUARD.violations()
    assert not (target / "ran").exists()
    assert not hasattr(sys, "ran")


@pytest.mark.executes
def test_a_swallowed_violation_is_kept(target: Path) -> None:
    with GUARD.armed(target), contextlib.suppress(Exception):  # as the CLI's main does
        run_path(target)
    assert len(GUARD.violations()) == 1
    assert GUARD.violations()[0].startswith(f"compile of {target / 'victim_of_guard.py'} by ")


@pytest.mark.executes
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("action", [run_path, start_shell, start_by_fork])
def test_a_violation_in_a_forked_worker_reaches_the_parent(
    action: Callable[[Path], None], target: Path
) -> None:
    context = multiprocessing.get_context("fork")
    with GUARD.armed(target):
        worker = context.Process(target=action, args=(target,))
        worker.start()
        worker.join()
    assert worker.exitcode != 0
    assert GUARD.violations()


@pytest.mark.executes
def test_nothing_is_heard_when_it_is_not_armed(target: Path) -> None:
    with GUARD.armed(target):
        pass
    run_path(target)
    assert (target / "ran").exists()
    assert GUARD.violations() == []


def test_reading_and_parsing_a_target_is_allowed(target: Path) -> None:
    source = (target / "victim_of_guard.py").read_bytes()
    tree_of_parse = ast.parse(source)
    tree_of_compile = compile(source, str(target / "victim_of_guard.py"), "exec", ast.PyCF_ONLY_AST)
    assert isinstance(tree_of_compile, ast.Module)
    assert len(tree_of_parse.body) == len(tree_of_compile.body) == 2


def test_generated_code_of_the_standard_library_is_allowed() -> None:
    point = collections.namedtuple("point", "x y")
    record = dataclasses.make_dataclass("record", ["name"])
    assert point(1, 2).y == 2
    assert record("a").name == "a"


def test_late_imports_of_installed_modules_are_allowed() -> None:
    sys.modules.pop("this_is_not_there", None)
    for name in ("colorsys", "wave", "packaging.licenses"):
        sys.modules.pop(name, None)
        importlib.import_module(name)
    assert "colorsys" in sys.modules


def test_the_tool_itself_may_be_started(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"demo/__init__.py": ""})
    done = subprocess.run(
        [sys.executable, "-m", "wheelwatch", "--version"], capture_output=True, check=False
    )
    assert path.exists()
    assert done.args[1:] == ["-m", "wheelwatch", "--version"]


@pytest.mark.processes
def test_the_mark_allows_processes() -> None:
    done = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, check=True)
    assert done.stdout.strip() == b"42"


@pytest.mark.executes
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
@pytest.mark.parametrize("action", [run_path, start_shell, open_socket])
def test_a_violation_in_a_worker_that_was_not_forked_reaches_the_parent(
    method: str, action: Callable[[Path], None], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = (
        "import multiprocessing as m, os, sys; sys.path.insert(0, os.environ['ROOT']);"
        f"from tests.support import test_guard; context = m.get_context({method!r});"
        f"worker = context.Process(target=test_guard.{action.__name__}, args=(os.environ['TARGET'],));"
        "worker.start(); worker.join(); sys.exit(worker.exitcode)"
    )
    with GUARD.armed(target, may_start=True):
        environment = {**os.environ, **GUARD.environment(), "ROOT": str(ROOT), "TARGET": str(target)}
        done = subprocess.run(
            [sys.executable, "-c", command], env=environment, capture_output=True, check=False
        )
    assert done.returncode == 1, done.stderr
    assert len(GUARD.violations()) == 1
    assert not (target / "ran").exists()


@pytest.mark.executes
def test_a_guarded_process_does_not_see_the_folder_that_guards_it(tmp_path: Path) -> None:
    command = (
        "import sys; print(any('support' in path for path in sys.path), 'sitecustomize' in sys.modules)"
    )
    with GUARD.armed(tmp_path, may_start=True):
        environment = {**os.environ, **GUARD.environment()}
        done = subprocess.run(
            [sys.executable, "-c", command], env=environment, capture_output=True, text=True, check=False
        )
    assert done.stdout.split() == ["False", "True"]
    assert GUARD.violations() == []
