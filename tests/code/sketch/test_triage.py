"""Triage leaves out no file that holds a site that counts: sources whose words say little."""

from __future__ import annotations

import pytest

from wheelwatch import code
from wheelwatch.catalogue import Entry, entries
from wheelwatch.catalogue.severity import row_of, severity
from wheelwatch.model import FileFacts, Kind, Trigger

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
    'S = """\n#import sys\n#sys.settrace(print)\n"""\nexec("\\n".join(l[1:] for l in S.split("\\n")))',
]


@pytest.mark.parametrize("source", SAY_LITTLE)
def test_a_source_that_holds_a_site_is_wanted(source: str) -> None:
    data = source.encode()
    found = code.analyse(data)
    assert isinstance(found, FileFacts)
    assert found.sites
    assert code.wants(code.sketch(data).anchors)


COUNTING = [entry for entry in entries() if code.counts(entry.kind, is_obfuscated=True)]


@pytest.mark.parametrize("entry", COUNTING, ids=lambda entry: entry.row)
def test_the_example_of_each_row_is_wanted(entry: Entry) -> None:
    assert code.wants(code.sketch(entry.example.encode()).anchors)


@pytest.mark.parametrize("kind", Kind)
def test_what_does_not_count_is_no_finding_at_import(kind: Kind) -> None:
    row = "access-hidden" if kind is Kind.DYNAMIC_ACCESS else row_of(kind)
    assert code.counts(kind, is_obfuscated=True) == (severity(row, Trigger.IMPORT) is not None)
    found = severity(row_of(kind), Trigger.IMPORT)
    assert code.counts(kind, is_obfuscated=False) == (found is not None)
    if found is None:
        assert severity(row_of(kind), Trigger.CALL) is None
        assert severity(row_of(kind), Trigger.DORMANT) is None


QUIET = [
    "import sys\nprint(sys.argv, file=sys.stderr)",
    "import sys\nif sys.version_info > (3, 8) and hasattr(sys, 'settings'): pass",
    "import os\nroot = os.path.join(os.sep, 'tmp')\nos.environ.get('HOME')",
    "def read(name, default=None):\n    return getattr(self.options, name, default)",
    "class A:\n    def __getattr__(self, name): return getattr(self._inner, name)",
    "import sys\nclass A:\n    def f(self, name): return getattr(self, name)(sys.argv)",
    "import re, sys\nre.compile('a')\nsys.modules['x']\n'y' in sys.modules",
    "with open('data.json') as file: text = file.read()",
    "import json\njson.loads('{}')\nmodel.eval()",
    "def call(signal, site): 'Sends a signal to the site, with requests and http.'",
    "# sys.stdout = 1; exec(base64.b64decode(x))",
    "import importlib\nimportlib.import_module(name)",
    "from types import FunctionType\nisinstance(x, FunctionType)",
    "class HTTPHandler: pass",
    "'''Docs.\n>>> import requests\n>>> requests.get('http://x')\n'''",
]


@pytest.mark.parametrize("source", QUIET)
def test_an_everyday_source_is_not_wanted(source: str) -> None:
    data = source.encode()
    found = code.analyse(data)
    assert isinstance(found, FileFacts)
    assert not [site for site in found.sites if code.counts(site.kind, is_obfuscated=site.obfuscated)]
    assert not code.wants(code.sketch(data).anchors)
