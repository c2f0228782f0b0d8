"""Triage leaves out no file that holds a site: sources whose words say little."""

from __future__ import annotations

import pytest

from wheelwatch import code
from wheelwatch.catalogue import Entry, entries
from wheelwatch.model import FileFacts

SAY_LITTLE = [
    'exec("im" + "port s" + "ys\\ns" + "ys.settr" + "ace(print)")',
    'eval("__imp" + "ort__(\'s\' + \'ys\')." + "settr" + "ace(print)")',
    'from os.path import expanduser\nopen(expanduser("~/.pypirc")).read()',
    'import os\nopen(os.path.expanduser("~/.py" + "pirc")).read()',
    'from pathlib import Path\n(Path.home() / ".kube" / "config").read_text()',
    'from pathlib import Path\nPath("/home/user/.azure/token").read_bytes()',
    'open("lib/extra.p" + "th", "w").write("x")',
    'from pathlib import Path\nPath("lib/extra.start").write_text("x")',
    'import shutil\nshutil.copyfile("x", "/home/user/.zshrc")',
    'import ctypes\nlib = ctypes.CDLL(None)\nlib["PyEval_" + "SetTrace"](print, None)',
]


@pytest.mark.parametrize("source", SAY_LITTLE)
def test_a_source_that_holds_a_site_is_wanted(source: str) -> None:
    data = source.encode()
    found = code.analyse(data)
    assert isinstance(found, FileFacts)
    assert found.sites
    assert code.wants(code.sketch(data).anchors)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.row)
def test_the_example_of_each_row_is_wanted(entry: Entry) -> None:
    assert code.wants(code.sketch(entry.example.encode()).anchors)
