"""A name of one's own beside the functions of the standard library changes nothing for anybody else."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.rules.made import package, reached
from tests.support.pythons import interpreters
from wheelwatch.model import Kind, Trigger
from wheelwatch.rules import judge
from wheelwatch.rules.patch import KEPT

ATTRIBUTES = """
import json, socket, ssl, subprocess, urllib.request
found = set()
for module in (socket, ssl, subprocess, urllib.request):
    for name in dir(module):
        found.add(f"{module.__name__}.{name}")
        thing = getattr(module, name)
        if isinstance(thing, type):
            found.update(f"{module.__name__}.{name}.{inner}" for inner in dir(thing))
print(json.dumps(sorted(found)))
"""


def severity(api: str, trigger: Trigger = Trigger.IMPORT, *, is_hidden: bool = False) -> str:
    site = reached(trigger, kind=Kind.PATCH, api=api, obfuscated=is_hidden)
    (finding,) = judge(package(site))
    return finding.severity.label


@pytest.mark.parametrize("api", ["subprocess.original__fork_exec", "socket.socket._orig_connect"])
def test_what_is_only_kept_is_no_patch(api: str) -> None:
    assert severity(api) == "info"
    assert severity(api, Trigger.STARTUP) == "low"
    assert severity(api, is_hidden=True) == "low"


@pytest.mark.parametrize(
    "api",
    [
        *("subprocess.Popen", "subprocess._fork_exec", "ssl.original", "socket.originals"),
        *("ssl.SSLContext.wrap_socket", "requests.original_get", "os.execv", "ssl.aboriginal_x"),
    ],
)
def test_anything_else_is_one(api: str) -> None:
    assert severity(api) == "medium"
    assert severity(api, Trigger.STARTUP) == "high"
    assert severity(api, is_hidden=True) == "high"


@pytest.mark.processes
@pytest.mark.parametrize(("version", "python"), interpreters().items(), ids=lambda value: str(value)[:5])
def test_no_python_has_such_a_name(version: str, python: Path) -> None:
    done = subprocess.run([str(python), "-I", "-c", ATTRIBUTES], capture_output=True, text=True, check=True)
    names = json.loads(done.stdout)
    assert len(names) > 500, version
    assert [name for name in names if KEPT.fullmatch(name)] == []
