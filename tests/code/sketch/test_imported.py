"""Which texts may import a module: never fewer than an interpreter says."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelwatch.code import mentions

IMPORTS = [
    "import deep",
    "import pkg.deep",
    "import pkg.deep as other",
    "import one, pkg . deep",
    "import one, \\\n  deep",
    "from deep import f",
    "from .deep import f",
    "from . deep import f",
    "from .. import deep",
    "from pkg import (one,\n  deep)",
    "from pkg import (one,  # not (this)\n  two, # )\n  deep)",
    "from pkg import one; from pkg import deep",
    "if x: import deep",
    "try: from pkg import one, deep\nexcept Exception: pass",
    "from \\\n pkg \\\n import \\\n deep",
    "import pkg\npkg.deep.f()",
    "import pkg\npkg. \\\n deep.f()",
    "import importlib\nimportlib.import_module('deep')",
    "__import__('deep')",
    "import sys\nsys.modules['deep'].f()",
    "exec('import deep')",
    "from pkg import (one, deep",
]
OTHERS = [
    "# deep",
    "deep = 1\ndeep()",
    "def f(deep): return deep",
    "'''deep down'''",
    "import deeper\nfrom indeed import deep_down\nx = deep",
    "from pkg import one\ndeep = one\nprint(deep)",
]


@pytest.mark.parametrize("source", IMPORTS)
def test_what_may_import_the_module_is_found(source: str) -> None:
    assert mentions(source.encode(), ["import deep"]) == ("import deep",)


@pytest.mark.parametrize("source", OTHERS)
def test_a_word_alone_is_no_import(source: str) -> None:
    assert mentions(source.encode(), ["import deep"]) == ()
    assert ("deep" in source.replace("deep_", "")) == bool(mentions(source.encode(), ["deep"]))


def test_words_and_modules_are_asked_for_side_by_side() -> None:
    found = mentions(b"from a import b\nc()", ["a", "import a", "import b", "import c", "c", "import *"])
    assert found == ("a", "c", "import a", "import b")


@given(st.text(st.sampled_from("importfmde ,.()\\\n#;'x"), max_size=80))
def test_no_import_that_the_parser_sees_is_missed(source: str) -> None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        rows = node.names if isinstance(node, ast.Import | ast.ImportFrom) else []
        dotted = [row.name for row in rows] + [getattr(node, "module", None) or "" for _ in rows[:1]]
        for name in {part for one in dotted for part in one.split(".") if part and part != "*"}:
            assert mentions(source.encode(), [f"import {name}"]) == (f"import {name}",)


@pytest.mark.parametrize(
    "part", [b"import (", b"import \\", b"from . import (# ", b"import . ", b"(#import "]
)
def test_hostile_texts_end(part: bytes) -> None:
    assert mentions(part * 200_000 + b" deep", ["import deep", "absent"]) == ("import deep",)
