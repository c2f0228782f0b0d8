"""The digest of a code object changes when what it runs changes, and with nothing else."""

from __future__ import annotations

import pytest

from wheelwatch import code
from wheelwatch.limits import Limits

BASE = """\
import os
LIMIT = 3

def outer(path):
    def inner():
        return path
    return inner

class Tracer:
    def install(self):
        os.stat(".")
"""


def digests(source: str) -> dict[str, str]:
    return {body.function: body.digest for body in code.bodies(source.encode())}


def changed(source: str) -> set[str]:
    before, after = digests(BASE), digests(source)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_every_function_has_one_and_the_file_comes_first() -> None:
    found = [body.function for body in code.bodies(BASE.encode())]
    assert found[0] == "<file>"
    assert set(found) == {"<file>", "", "outer", "outer.inner", "Tracer.install"}


@pytest.mark.parametrize(
    "source",
    [
        "# a comment\n\n\n" + BASE,
        BASE.replace("LIMIT = 3", "LIMIT  =  (3)  # three"),
        BASE.replace("    def install(self):", '    def install(self):\n        """Says."""'),
        '"""A module."""\n' + BASE,
    ],
)
def test_comments_docstrings_and_lines_change_nothing(source: str) -> None:
    assert changed(source) == set()


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("LIMIT = 3", "LIMIT = 4", {"<file>", ""}),
        ('os.stat(".")', 'os.stat("/")', {"<file>", "Tracer.install"}),
        ("return path", "return path, 1", {"<file>", "outer.inner"}),
        ("def outer(path)", "def outer(path=LIMIT)", {"<file>", "", "outer"}),
        ("    return inner", "    return inner()", {"<file>", "outer"}),
        ("class Tracer:", "class Tracer(list):", {"<file>", ""}),
    ],
)
def test_a_change_counts_where_it_runs(old: str, new: str, names: set[str]) -> None:
    assert changed(BASE.replace(old, new)) == names


@pytest.mark.parametrize(
    ("old", "new", "is_changed"),
    [
        ('__version__ = "1.0"', '__version__ = "2.1.3rc1.dev4"', False),
        ('__version__: str = "1.0"', '__version__: str = "2.0"', False),
        ('__version__ = "1.0"', '__version__ = "2.0; import os"', True),
        ('__version__ = "1.0"', '__version__ = "2.0"\n__version__ = "import os"', True),
        ('__version__ = "1.0"', "__version__ = run()", True),
        ('__version__ = "1.0"', '__version__ = other = "2.0"', True),
        ('version = "1.0"', 'version = "2.0"', True),
        ("", '__version__ = "1.0"', True),
    ],
)
def test_another_version_alone_is_no_other_code(old: str, new: str, *, is_changed: bool) -> None:
    before, after = digests(f"import os\n{old}\n"), digests(f"import os\n{new}\n")
    assert (before != after) is is_changed


def test_what_cannot_be_parsed_counts_by_its_bytes() -> None:
    (one,), (other,) = code.bodies(b"def f(:\n"), code.bodies(b"def f(;\n")
    assert one.function == other.function == "<file>"
    assert one.digest != other.digest
    (large,) = code.bodies(b"x = 1\n", Limits(source_bytes=1))
    assert large.function == "<file>"


def test_lines_count_from_the_enclosing_file() -> None:
    (_, module, function) = code.bodies(b"def f(): pass\n", first_line=7)
    assert (module.line, function.line) == (7, 7)
