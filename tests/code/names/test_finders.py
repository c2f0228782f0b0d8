"""A finder is taken to answer only some names when a test that it makes lets only these through."""

from __future__ import annotations

import pytest

from wheelwatch import code
from wheelwatch.model import FileFacts, Site

FINDER = """
import sys
class F:
    known = ("p", "q")
    def is_own(self, fullname):
        root, base, target = fullname.partition(__name__ + ".")
        return not root and target
    def find_spec(self, name, path=None, target=None):
        {}
sys.meta_path.insert(0, F())
"""
ANYTHING = [
    "if name != 'p.x': return spec(name)",
    "if not name.startswith('p'): return spec(name)",
    "if name < 'p': return spec(name)",
    "if 'q' in name: return spec(name)",
    "if name in 'pqr': return spec(name)",
    "if name == 'p' or True: return spec(name)",
    "if name == 'p' or name: return spec(name)",
    "return spec(name) if name != 'p' else None",
    "name = 'p'\n        if name == 'p': return spec(target)",
    "for name in ('p',):\n            if name == 'p': return spec(target)",
    "if name == 'p': return None\n        return spec(name)",
    "if name.rsplit('.', 1)[1] == 'p': return spec(name)",
    "if name.rsplit('.')[0] != 'p': return spec(name)",
    "if name.rpartition('.')[2] == 'p': return spec(name)",
    "if name.rpartition('.')[0] in 'pq': return spec(name)",
    "return None",
    "pass",
]
SOME = {
    "if name == 'p': return spec(name)": "p",
    "if name != 'p': return None\n        return spec(name)": "p",
    "if name not in {'p'}: return\n        return spec(name)": "p",
    "if not (name == 'p'): return None\n        return spec(name)": "p",
    "if name == 'p' and path is None: return spec(name)": "p",
    "if name in ('p', 'q'): return spec(name)": "p,q",
    "if name in self.known: return spec(name)": "p,q",
    "if name == 'p' or name == 'q': return spec(name)": "p,q",
    "return spec(name) if name == 'p' else None": "p",
    "root, _, rest = name.partition('.')\n        if root == 'p': return spec(name)": "p",
    "root = name.split('.')[0]\n        if root == 'p': return spec(name)": "p",
    "if name.startswith('r'): return spec(name)": "r*",
    "if name.startswith('r.'): return spec(name)": "r.",
    "return spec(name) if self.is_own(name) else None": "",
    "if name == __name__ + '.x': return spec(name)": "",
    "if name.rsplit('.', 1)[0] != 'p': return\n        return spec(name)": "p.",
    "if name.rpartition('.')[0] == 'p': return spec(name)": "p.",
    "above = name.rsplit('.', 1)[0]\n        if above != 'p': return\n        return spec(name)": "p.",
    "if name.rpartition('.')[0] == __name__ + '.ext': return spec(name)": "",
}


def site(source: str) -> Site:
    found = code.analyse(source.encode())
    assert isinstance(found, FileFacts)
    return found.sites[0]


@pytest.mark.parametrize("body", ANYTHING)
def test_it_answers_anything(body: str) -> None:
    assert not site(FINDER.format(body)).own_names


@pytest.mark.parametrize("body", SOME)
def test_it_answers_only_some_names(body: str) -> None:
    found = site(FINDER.format(body))
    assert (found.own_names, found.detail) == (True, SOME[body])


@pytest.mark.parametrize(
    ("loop", "detail"), [("('p', 'requests')", "p,requests"), ("('p', thing())", ""), ("('p',)", "p")]
)
def test_modules_that_are_put_in_a_loop_are_all_named(loop: str, detail: str) -> None:
    found = site(f"import sys\nfor n in {loop}:\n    sys.modules[n] = x\n")
    assert found.detail == detail


SEARCH = """
import codecs
def search(name):
    {}
codecs.register(search)
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if name != 'own': return None\n    return info", (True, "own")),
        ("return info if name in ('own', 'own2') else None", (True, "own,own2")),
        ("return info", (False, "")),
        ("return None", (False, "")),
        ("name = name.lower()\n    if name == 'own': return info", (False, "")),
        ("if name == 'own': return info\n    return other(name)", (False, "")),
    ],
)
def test_a_search_for_codecs_answers_only_some_names(body: str, expected: tuple[bool, str]) -> None:
    found = site(SEARCH.format(body))
    assert (found.own_names, found.detail) == expected


@pytest.mark.parametrize("argument", ["lambda name: info", "given", "one or other"])
def test_a_search_that_cannot_be_read_answers_anything(argument: str) -> None:
    assert not site(f"import codecs\ncodecs.register({argument})\n").own_names
