"""A hook that one file passes on and another calls is a site at the call."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.reach.sources import sites
from wheelwatch.model import Kind, Trigger

SPY = "def spy(*a): ...\n"
CARRIED: Mapping[str, tuple[str, dict[str, str]]] = {
    "function": ("from .n import hook\nhook(spy)", {"n": "from sys import settrace as hook"}),
    "module": ("from .n import z\nz.settrace(spy)", {"n": "import sys as z"}),
    "attribute of a module": ("from . import n\nn.z.settrace(spy)", {"n": "import sys as z"}),
    "by its full name": ("import p.n\np.n.z.settrace(spy)", {"n": "import sys as z"}),
    "two files": ("from .m import z\nz.settrace(spy)", {"m": "from .n import z", "n": "import sys as z"}),
    "two names": (
        "from .m import h\nh(spy)",
        {"m": "from .n import hook as h", "n": "from sys import settrace as hook"},
    ),
    "star": ("from .n import *\nhook(spy)", {"n": "from sys import settrace as hook"}),
    "two stars": (
        "from .m import *\nhook(spy)",
        {"m": "from .n import *", "n": "from sys import settrace as hook"},
    ),
    "class attribute": ("from .n import K\nK.h(spy)", {"n": "import sys\nclass K:\n h = sys.settrace"}),
    "module in a class": ("from .n import K\nK.s.settrace(spy)", {"n": "import sys\nclass K:\n s = sys"}),
    "partial": (
        "from .n import h\nh()",
        {"n": "import sys, functools\nh = functools.partial(sys.settrace, print)"},
    ),
    "another name here": ("from .n import h\ng = h\ng(spy)", {"n": "from sys import settrace as h"}),
    "in a function": ("def g():\n from .n import h\n h(spy)\ng()", {"n": "from sys import settrace as h"}),
    "by map": ("from .n import h\nlist(map(h, [spy]))", {"n": "from sys import settrace as h"}),
    "module of a module": ("from .n import o\no.sys.settrace(spy)", {"n": "import os as o"}),
    "by importlib": (
        'import importlib\nimportlib.import_module(".n", __package__).h(spy)',
        {"n": "from sys import settrace as h"},
    ),
    "computed attribute": (
        "from .n import z\ngetattr(z, 'set' + 'trace')(spy)",
        {"n": "import sys as z"},
    ),
    "list of finders": ("from .n import mp\nmp.append(spy)", {"n": "from sys import meta_path as mp"}),
    "finders of a module": ("from .n import z\nz.meta_path.insert(0, spy)", {"n": "import sys as z"}),
}
NOT: Mapping[str, tuple[str, dict[str, str]]] = {
    "removal": ("from .n import hook\nhook( None )", {"n": "from sys import settrace as hook"}),
    "removal by module": ("from .n import z\nz.settrace(None)", {"n": "import sys as z"}),
    "another function": ("from .n import hook\nhook(spy)", {"n": "from sys import intern as hook"}),
    "the own settrace": ("from .n import z\nz.settrace(spy)", {"n": "class z:\n settrace = print"}),
    "main": (
        "from .n import hook\nif __name__ == '__main__': hook(spy)",
        {"n": "from sys import settrace as hook"},
    ),
    "only imported": ("from .n import hook\nkept = hook", {"n": "from sys import settrace as hook"}),
    "never called": (
        "from .n import hook\ndef g(): hook(spy)",
        {"n": "from sys import settrace as hook"},
    ),
}


def package(case: tuple[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    text, others = case
    files = {f"p/{name}.py": source for name, source in others.items()}
    return {"p": {"p/__init__.py": SPY + text + "\n", **files}}


@pytest.mark.parametrize("name", CARRIED)
def test_a_call_under_a_carried_name_is_a_site(name: str) -> None:
    found = [one for one in sites(package(CARRIED[name])) if one.member.path == "p/__init__.py"]
    assert [(one.site.kind in (Kind.TRACE, Kind.IMPORT), one.trigger) for one in found] == [
        (True, Trigger.IMPORT)
    ]
    assert not found[0].site.clears


@pytest.mark.parametrize("name", NOT)
def test_what_only_looks_like_it_is_none(name: str) -> None:
    found = sites(package(NOT[name]))
    assert not [one for one in found if one.trigger is Trigger.IMPORT and not one.site.clears]


def test_a_site_that_import_does_not_reach_is_one_of_call() -> None:
    (found,) = sites(package(NOT["never called"]))
    assert (found.site.api, found.trigger) == ("sys.settrace", Trigger.CALL)


def test_a_text_that_is_cut_clears_nothing() -> None:
    text = "from .n import h\nh(spy if True else" + " " * 49 + "x(None))"
    (found,) = sites(package((text, {"n": "from sys import settrace as h"})))
    assert not found.site.clears
