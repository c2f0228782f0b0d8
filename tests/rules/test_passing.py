"""A replacement that only calls what it replaces is a patch; one that does more is what it does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.incidents.scanned import scanned
from tests.support.factories import Files

WRAP = "def mine(*args, **options):\n    return real(*args, **options)\n"
SYSTEM = "real = os.system\n"
SET = "os.system = mine\n"


def _body(*parts: str, **more: str) -> Files:
    text = "import os, subprocess, threading, urllib.request\n" + "".join(parts)
    return {"demo/__init__.py": text, **{f"demo/{name}.py": code for name, code in more.items()}}


PASSING: dict[str, Files] = {
    "its argument": _body(SYSTEM, "def mine(command):\n    return real(command)\n", SET),
    "all of them": _body("real = os.execv\n", WRAP, "os.execv = mine\n"),
    "by setattr": _body(SYSTEM, WRAP, "setattr(os, 'system', mine)\n"),
    "by the name inside": _body(
        "import _posixsubprocess\nreal = _posixsubprocess.fork_exec\n",
        WRAP,
        "setattr(_posixsubprocess, 'fork_exec', mine)\n",
    ),
    "of the network": _body("real = urllib.request.urlopen\n", WRAP, "urllib.request.urlopen = mine\n"),
    "two of them": _body(
        "def wrap(real):\n    def mine(*args, **options):\n        return real(*args, **options)\n",
        "    return mine\nos.execv = wrap(os.execv)\nos.execve = wrap(os.execve)\n",
    ),
    "with something around it": _body(
        SYSTEM, "def mine(command):\n    print(command)\n    return real(command)\n", SET
    ),
}

MORE: dict[str, Files] = {
    "another command": _body(SYSTEM, "def mine(command):\n    return real('evil')\n", SET),
    "more of it": _body(SYSTEM, "def mine(command):\n    return real('evil; ' + command)\n", SET),
    "another one in its place": _body(
        SYSTEM, "def mine(command):\n    command = open('x').read()\n    return real(command)\n", SET
    ),
    "one from a file": _body(SYSTEM, "def mine(command):\n    return real(open('x').read())\n", SET),
    "one beside": _body(
        "real = subprocess.Popen\n",
        "def mine(*args, **options):\n    real(['evil'])\n    return real(*args, **options)\n",
        "subprocess.Popen = mine\n",
    ),
    "an option of its own": _body(
        "real = subprocess.Popen\n",
        "def mine(*args, **options):\n    return real(*args, executable='/x/evil', **options)\n",
        "subprocess.Popen = mine\n",
    ),
    "arguments put in before": _body(
        "import functools\nreal = functools.partial(os.execv, '/x/evil')\n", WRAP, "os.execv = mine\n"
    ),
    "an address": _body(
        "real = urllib.request.urlopen\n",
        "def mine(*args):\n    real('https://c2.invalid')\n    return real(*args)\n",
        "urllib.request.urlopen = mine\n",
    ),
    "called at once": _body(SYSTEM, WRAP, SET, "mine('evil')\n"),
    "called at once, unknown": _body(SYSTEM, WRAP, SET, "mine(open('x').read())\n"),
    "called by a thread": _body(
        SYSTEM, WRAP, SET, "threading.Thread(target=mine, args=('evil',)).start()\n"
    ),
    "called by a start file": {
        "demo.py": "import os\n" + SYSTEM + "def mine(command='evil'):\n    return real(command)\n" + SET,
        "demo.start": "demo:mine\n",
    },
    "called behind a variable": _body(
        SYSTEM, WRAP, SET, "def later():\n    mine(open('x').read())\n", "later()\n"
    ),
    "called in another file": _body(
        "from demo import near, far\n",
        near="import os\n" + SYSTEM + WRAP + SET,
        far="from demo.near import mine\nmine(open('x').read())\n",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return scanned(tmp_path_factory.mktemp("passing"), {**PASSING, **MORE})


@pytest.mark.parametrize("name", PASSING)
def test_what_only_passes_on_is_a_patch(name: str, found: dict[str, dict[str, Any]]) -> None:
    rules = {finding["rule"] for finding in found[name]["findings"] if finding["severity"] != "info"}
    assert rules == {"hook-patch"}


@pytest.mark.parametrize("name", MORE)
def test_what_does_more_is_high(name: str, found: dict[str, dict[str, Any]]) -> None:
    payloads = [
        finding["severity"] for finding in found[name]["findings"] if finding["rule"].startswith("payload-")
    ]
    assert {"high", "critical"} & set(payloads), found[name]["findings"]
