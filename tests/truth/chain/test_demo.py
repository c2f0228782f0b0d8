"""The chain of the demo wheel is the real stack at the audit event, on every interpreter there is."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.program import wheelwatch
from tests.support.pythons import interpreters
from tools import demo

pytestmark = pytest.mark.executes

DRIVER = """
import json, os, site, sys

folder = os.path.realpath(sys.argv[1])
stacks = []

def heard(event, args):
    if event != "sys.settrace" or stacks:
        return
    stack, frame = [], sys._getframe(1)
    while frame is not None:
        name, code = frame.f_code.co_filename, frame.f_code
        if os.path.realpath(name).startswith(folder):
            stack.append([os.path.relpath(os.path.realpath(name), folder), frame.f_lineno, code.co_name])
        elif name == "<string>" and frame.f_back:  # a line of a .pth: the frame around knows which
            outer = frame.f_back.f_locals
            with open(outer["fullname"]) as file:
                lines = [line.strip() for line in file]
            line = lines.index(outer["line"].strip()) + 1
            stack.append([os.path.basename(outer["fullname"]), line, code.co_name])
        frame = frame.f_back
    stacks.append(stack[::-1])

sys.addaudithook(heard)
site.addsitedir(folder)
sys.settrace(None)
print(json.dumps(stacks))
"""


@pytest.mark.parametrize("version", interpreters())
def test_the_chain_is_the_stack(version: str, tmp_path: Path) -> None:
    wheel = demo.build(tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    command = [str(interpreters()[version]), "-I", "-S", "-c", DRIVER, str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (stack,) = json.loads(done.stdout)
    report = wheelwatch("scan", wheel, "--format", "json").report
    (package,) = report["packages"]
    (finding,) = [entry for entry in package["findings"] if entry["rule"] == "hook-trace"]
    assert version in finding["pythons"]
    assert [(step["path"], step["line"]) for step in finding["chain"]] == [
        (path, line) for path, line, _ in stack
    ]
    assert [name for _, _, name in stack] == ["<module>", "<module>", "install"]
    assert finding["trigger"] == "startup"


def test_there_is_an_interpreter_to_ask() -> None:
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in interpreters()
