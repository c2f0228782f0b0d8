"""litellm 1.82.8 (March 2026): one line in a ``.pth``, listed in RECORD, ran in every Python process."""

from __future__ import annotations

import base64
from pathlib import Path

from tests.support.factories import Files, site_dir, tree, wheel

NAME, VERSION = "litellm", "1.82.8"
LINE = 'import os, subprocess, sys; subprocess.Popen([sys.executable, "-c", "{}"])\n'
DECODE = "import base64; exec(base64.b64decode('{}'))"
SIZE = 34_628
"""Bytes of the real ``litellm_init.pth``."""


def startup_line() -> str:
    """The one line, with a payload that prints a word, padded to about the size of the real one."""
    payload = "print('inert')\n" + "# padding\n" * ((SIZE * 9 // 16 - 100) // 10)
    inner = DECODE.format(base64.b64encode(payload.encode()).decode())
    return LINE.format(DECODE.format(base64.b64encode(inner.encode()).decode()))


def files() -> Files:
    """The members that matter, beside the ordinary ones of a package."""
    return {
        "litellm/__init__.py": '"""Calls language models."""\n\nfrom litellm.main import completion\n',
        "litellm/main.py": "def completion(model, messages):\n    return None\n",
        "litellm_init.pth": startup_line(),
    }


def as_wheel(folder: Path) -> Path:
    """The wheel."""
    return wheel(folder, files(), name=NAME, version=VERSION, metadata="Requires-Python: >=3.9\n")


def as_site_directory(folder: Path) -> Path:
    """A site-packages in which it is installed."""
    return site_dir(folder / "site-packages", {f"{NAME}-{VERSION}": files(), "six-1.17.0": {"six.py": ""}})


def as_folder(folder: Path) -> Path:
    """A folder without any metadata."""
    return tree(folder / "unpacked", files())
