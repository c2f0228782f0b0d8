"""Input that kills a recursive walker costs no more than its size."""

from __future__ import annotations

import pytest

from wheelwatch.code import Parsed, analyse, parse
from wheelwatch.code.extract import facts
from wheelwatch.model import FileFacts, Kind

HOOK = "\nimport sys\nsys.settrace(print)\n"
HOSTILE = {
    "attributes": "x = a" + ".b" * 500,
    "attributes of a constant": "x = ''" + ".b" * 500,
    "minuses": "x = " + "-" * 1000 + "1",
    "sum": "x = " + " + ".join(["1"] * 700),
    "sum of strings": "x = " + " + ".join(["'a'"] * 700),
    "long list": "x = [" + "1," * 100_000 + "]",
    "long list of names": "x = [" + "y," * 100_000 + "]",
    "elif": "if a: pass\n" + "elif b: pass\n" * 3000,
    "calls": "x = " + "f(" * 80 + "1" + ")" * 80,
    "doubling": "x = 'a' * 10\n" + "x = x + x\n" * 200,
    "power": "x = 9 ** 9 ** 9 ** 9",
    "shift": "x = 1 << 10 ** 9",
    "format": "x = '{:9999999999}'.format(1)\ny = '%9999999999d' % 1\nz = f'{1:9999999999}'",
    "nested partial": "from functools import partial as p\nf = p(print)\n" + "f = p(f, f)\n" * 3000 + "f()",
    "nested vars": "x = a\n" + "x = vars(x)\n" * 3000,
    "nested getters": "from operator import methodcaller as m\ng = 1\n" + "g = m('x', g)\n" * 3000 + "g(g)",
    "list in itself": "x = []\nx.append(x)\n" + "x = [x, x]\n" * 2000,
    "recursion": "def f(n):\n return f(n + 1) + f(n + 2)\nf(0)",
    "loops": "".join(" " * n + f"for x{n} in range(9):\n" for n in range(18)) + " " * 18 + "y = x1",
    "while": "x = 0\nwhile x >= 0:\n x += 1",
    "comprehension": "x = [a for a in range(4000) for b in range(4000) for c in range(4000)]",
    "exec in exec": "s = 'exec(s)'\nexec(s)",
    "star names": "def f(*a, **k): return f(*a, *a, **k)\nf(1)",
    "classes": "".join(f"class C{n}({'C' + str(n - 1) if n else 'object'}): pass\n" for n in range(2000))
    + "C1999().x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_source_hides_no_hook(name: str) -> None:
    parsed = parse((HOSTILE[name] + HOOK).encode())
    assert isinstance(parsed, Parsed), parsed
    found = facts(parsed)
    assert any(site.kind is Kind.TRACE and site.scope == 0 for site in found.sites)


@pytest.mark.parametrize(
    "call", ["re.compile('[a')", "re.sub('[', 'b', 'c')", "re.match('(', 'x')", "re.split('*', 'x')"]
)
def test_a_pattern_that_is_none_costs_no_file(call: str) -> None:
    found = analyse(f"import re, sys\n{call}\nsys.settrace(print)\n".encode())
    assert isinstance(found, FileFacts)
    assert [site.api for site in found.sites] == ["sys.settrace"]
