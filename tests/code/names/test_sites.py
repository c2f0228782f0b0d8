"""What a site says beside its name: removals, guards, versions, positions, own names, edges."""

from __future__ import annotations

import pytest

from wheelwatch.code import Parsed, parse
from wheelwatch.code.extract import facts
from wheelwatch.model import SUPPORTED_PYTHONS, EdgeKind, FileFacts, Kind, Site


def read(source: str) -> FileFacts:
    parsed = parse(source.encode())
    assert isinstance(parsed, Parsed), parsed
    return facts(parsed)


def only(source: str) -> Site:
    sites = read(source).sites
    assert len(sites) == 1, sites
    return sites[0]


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nsys.settrace(None)",
        "import sys\nold = sys.gettrace()\nsys.settrace(old)",
        "import threading\nthreading.setprofile(None)",
        "import sys\nsys.excepthook = sys.__excepthook__",
        "import sys\nold = sys.stdout\nsys.stdout = old",
        "import sys\ndel sys.meta_path[0]",
        "import gc\ngc.callbacks.clear()",
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)",
        "import sys\nsys.monitoring.register_callback(1, 2, None)",
    ],
)
def test_removals_are_recognised(source: str) -> None:
    assert only(source).clears


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nsys.settrace(f)",
        "import sys\nf = None\nif x: f = g\nsys.settrace(f)",
        "import sys\ndef go(f=None):\n    sys.settrace(f)",
        "import sys\nsys.addaudithook(None)",
    ],
)
def test_what_may_install_is_no_removal(source: str) -> None:
    assert not only(source).clears


@pytest.mark.parametrize(
    ("test", "guard"),
    [
        ("os.environ.get('X')", "env:X"),
        ("'X' in os.environ", "env:X"),
        ("os.getenv('X') == '1'", "env:X"),
        ("os.getenv('X', '0') not in ('0', '')", "env:X"),
        ("'X' not in os.environ", "other"),
        ("os.environ.get('X', '1') == '1'", "other"),
        ("os.environ.get('X') != '1'", "other"),
        ("os.environ.get('CI')", "ci"),
        ("__name__ == '__main__'", "main"),
        ("sys.platform == 'win32'", "platform"),
        ("sys.gettrace() is None", "debugger"),
        ("time.time() > 1", "time"),
        ("platform.node() == 'x'", "platform"),
        ("socket.gethostname() == 'x'", "host"),
        ("unknown()", "other"),
    ],
)
def test_guards(test: str, guard: str) -> None:
    source = f"import os, platform, socket, sys, time\nif {test}:\n    sys.settrace(print)"
    assert only(source).guard == guard


def test_an_early_return_guards_what_follows() -> None:
    source = (
        "import os, sys\ndef go():\n    if not os.getenv('X'):\n        return\n    sys.settrace(print)"
    )
    assert only(source).guard == "env:X"


def test_versions_narrow() -> None:
    site = only("import sys\nif sys.version_info >= (3, 12):\n    sys.settrace(print)")
    assert site.pythons == ("3.12", "3.13", "3.14", "3.15")
    assert only("import sys\nsys.monitoring.set_events(1, 2)").pythons == ("3.12", "3.13", "3.14", "3.15")
    assert only("import sys\nx: sys.settrace(print) = 1").pythons == SUPPORTED_PYTHONS[:6]
    assert not read("import sys\nif sys.version_info < (3,):\n    sys.settrace(print)").sites


def test_positions_are_code_points_and_of_the_whole_f_string() -> None:
    site = only("import sys\nx = 'äöü'; sys.settrace(print)")
    assert (site.line, site.column, site.snippet) == (2, 12, "sys.settrace(print)")
    site = only("import sys\nx = 'ä', f'a{sys.settrace(print)}b'")
    assert (site.line, site.column) == (2, 10)


def test_a_finder_of_own_names_is_told() -> None:
    source = """
import sys
class Finder:
    def __init__(self, name):
        self.name = name
        self.known = {}
    def add(self, *names):
        for name in names:
            self.known[self.name + "." + name] = 1
    def find_spec(self, fullname, path, target=None):
        if fullname in self.known:
            return object()
        return None
finder = Finder(__name__)
finder.add("a", "b")
sys.meta_path.append(finder)
"""
    assert only(source).own_names
    assert not only(source.replace("if fullname in self.known", "if fullname")).own_names


def test_modules_under_own_and_foreign_names() -> None:
    assert only("import sys\nsys.modules[__name__ + '.x'] = 1").own_names
    site = only("import sys\nsys.modules['json'] = 1")
    assert (site.own_names, site.detail) == (False, "json")


def test_decoded_code_is_analysed_where_it_runs() -> None:
    source = "import base64\nexec(base64.b64decode('aW1wb3J0IHN5czsgc3lzLnNldHRyYWNlKHByaW50KQ=='))"
    sites = read(source).sites
    assert {site.kind for site in sites} == {Kind.DECODE_RUN, Kind.TRACE}
    assert {(site.line, site.column) for site in sites} == {(2, 1)}


def test_edges_of_a_chain() -> None:
    found = read(
        "from . import _hooks\nfrom .a.b import run as go\n_hooks.install()\ngo()\ndef f():\n    go()"
    )
    called = {(edge.scope, edge.target.name) for edge in found.edges if edge.kind is EdgeKind.CALL}
    assert called == {(0, "._hooks.install"), (0, ".a.b.run"), (1, ".a.b.run")}
    imported = {edge.target.name for edge in found.edges if edge.kind is EdgeKind.IMPORT}
    assert imported == {".", "._hooks", ".a.b", ".a.b.run"}


@pytest.mark.parametrize(
    "source",
    [
        "import sys\ngetattr(sys, 'frozen', False)",
        "import sys\nsys.exc_info()",
        "import re\nre.compile('x')",
        "import subprocess",
        "import platform\nplatform.system()",
        "import ctypes.util\nctypes.util.find_library('c')",
        "import os\nos.environ['HOME'] = 'x'",
        "class A:\n    def settrace(self, f): ...\nA().settrace(print)",
        "import sys\nx = 'sys.settrace(print)'",
        "from collections import namedtuple\nnamedtuple('A', 'b c')",
    ],
)
def test_harmless_words(source: str) -> None:
    assert not read(source).sites


@pytest.mark.parametrize(
    "source",
    [
        "import base64, json\nd = json.loads(base64.b64decode(x))\nd.get('a')\nd.run()\nd['b'].post()",
        "import sys\n[m.get('x', None) for m in list(sys.modules.values())]",
        "import sys\nfor name in list(sys.modules):\n    name.register(1)",
        "import _interpreters\ndef go(made):\n    later(_interpreters.create().close)",
        "import codecs\ncodecs.lookup('x')()",
    ],
)
def test_data_is_no_module(source: str) -> None:
    assert not [site for site in read(source).sites if site.kind in {Kind.NETWORK, Kind.PROCESS, Kind.EXIT}]


def test_the_result_of_an_api_is_no_api() -> None:
    assert len(read("import subprocess\nsubprocess.run(['x'])()").sites) == 1


def test_what_runs_of_a_base_in_another_file_is_an_edge() -> None:
    source = "from .base import Base\nclass Child(Base):\n    pass\nwith Child():\n    Child() + 1"
    targets = [(edge.target.scope, edge.target.name) for edge in read(source).edges]
    assert (1, "") in targets
    names = {name for _, name in targets}
    assert {".base.Base.__enter__", ".base.Base.__exit__", ".base.Base.__add__"} <= names
    assert ".base.Base.__class__" in names


def test_a_base_of_the_standard_library_makes_no_edges() -> None:
    source = "import threading\nclass Child(threading.Thread):\n    pass\nChild()"
    assert not [edge for edge in read(source).edges if edge.target.name.startswith("threading.")]


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ("made()", ".far.made"),
        ("f = made\n    f()", ".far.made"),
        ("f = g = made\n    g()", ".far.made"),
        ("if x:\n        f = made\n    else:\n        f = other\n    f()", ".far.made"),
        ("(f := made)\n    f()", ".far.made"),
        ("f: object = made\n    f()", ".far.made"),
        ("made().go()", ".far.made.go"),
        ("f = made()\n    f.go()", ".far.made.go"),
        ("with made() as f:\n        f.go()", ".far.made.go"),
        ("f = Own()\n    f.go()", ".far.Base.go"),
        ("from .near import made\n    made()", ".near.made"),
        ("a()", ".far.other"),
    ],
)
def test_calls_of_a_function_without_an_anchor_are_edges(body: str, target: str) -> None:
    source = f"from .far import Base, made, other\nclass Own(Base): ...\ndef go(x, a=other):\n    {body}\n"
    assert target in [edge.target.name for edge in read(source).edges if edge.scope == 2]


def test_a_parameter_is_not_the_name_outside() -> None:
    facts = read("from .far import made\ndef go(made):\n    made()")
    assert not [edge for edge in facts.edges if edge.target.name == ".far.made" and edge.scope == 1]


def test_super_leads_to_the_base_in_another_file() -> None:
    source = "from .far import Base\nclass Own(Base):\n    def go(self):\n        super().go()"
    assert ".far.Base.go" in [edge.target.name for edge in read(source).edges if edge.scope == 2]


def test_a_finder_whose_method_is_decorated_elsewhere_may_answer() -> None:
    source = (
        "import sys\nfrom .far import deco\nclass Finder:\n    @deco\n    def find_spec(self, name, *a):\n"
        "        if name == 'own':\n            return 1\nsys.meta_path.append(Finder())"
    )
    assert not only(source).own_names


MADE = """
class D:
    def __new__(cls, function):
        self = {}
        self.__kwdefaults__ = {{"backend": None}}
        return self
D(print)
"""


@pytest.mark.parametrize(
    "made",
    [
        "object.__new__(cls)",
        "type(nobody)(function.__code__, {})",
        "__import__('types').FunctionType(function.__code__, {})",
    ],
)
def test_what_was_made_just_now_is_nobody_elses(made: str) -> None:
    assert [site for site in read(MADE.format(made)).sites if site.kind is Kind.PATCH] == []


@pytest.mark.parametrize(
    "made", ["function", "other.object.__new__(cls)", "other.__new__(cls)", "type(function)"]
)
def test_defaults_of_anything_else_are_swapped(made: str) -> None:
    assert only("import other\n" + MADE.format(made)).api == "*.__kwdefaults__"


@pytest.mark.parametrize("call", ["inspect.getfullargspec", "inspect.getsource", "inspect.isfunction"])
def test_who_looks_at_a_hook_does_not_call_it(call: str) -> None:
    assert read(f"import inspect, sys\n{call}(sys.settrace)\n").sites == ()


@pytest.mark.parametrize("call", ["inspect.unwrap", "other.getfullargspec"])
def test_whoever_else_gets_a_hook_may_call_it(call: str) -> None:
    assert only(f"import inspect, other, sys\n{call}(sys, sys.settrace)\n").api == "sys.settrace"


MAKER = """
import sys
from elsewhere import make
{} run(*a):
    sys.settrace(print)
@make(run)
def go(): ...
"""


@pytest.mark.parametrize(("kind", "expected"), [("def", 1), ("async def", 0)])
def test_what_a_decorator_is_made_of_may_be_called_unless_it_is_async(kind: str, expected: int) -> None:
    edges = [edge for edge in read(MAKER.format(kind)).edges if edge.scope == 0 and edge.target.scope > 0]
    assert len([edge for edge in edges if edge.kind is EdgeKind.CALL]) == expected
