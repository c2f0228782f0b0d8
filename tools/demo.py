"""The demo wheel: a ``.pth`` that leads over two modules to a trace function which does nothing.

``python -m tools.demo FOLDER`` builds it and prints its path. It is inert: installed, it would slow every
Python of its environment down and do nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.factories import wheel

FILES = {
    "zz_demo.pth": "import demo._boot\n",
    "demo/__init__.py": '"""A package with something to hide."""\n',
    "demo/_boot.py": "from demo._hooks import install\n\ninstall()\n",
    "demo/_hooks.py": (
        '"""Looks at every function call of the process."""\n'
        "\n"
        "import sys\n"
        "\n"
        "\n"
        "def spy(frame, event, arg):\n"
        "    return None\n"
        "\n"
        "\n"
        "def install():\n"
        "    sys.settrace(spy)\n"
    ),
}


def build(folder: Path) -> Path:
    """Write ``demo-1.0-py3-none-any.whl`` into ``folder`` and return its path."""
    return wheel(folder, FILES, metadata="Summary: starts before you do\nRequires-Python: >=3.8\n")


def main() -> None:
    """Build into the folder that is named on the command line."""
    print(build(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
