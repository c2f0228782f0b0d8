"""What holds for every set: order changes nothing, more files weaken nothing, chains are made of facts."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.reach.written import calls, distribution, edge, facts, imports, line, port, site, target
from wheelwatch.model import Binding, EdgeKind, FileFacts, LinkedPackage, Reached, Ref, Trigger
from wheelwatch.reach import link

PATHS = ("p/__init__.py", "p/a.py", "p/b.py", "p/c/__init__.py", "p/c/d.py", "q.py")
NAMES = ("p", "p.a", ".b", "p.c", "p.c.d", "q", ".a.f", "p.b.g", "q.f", "p.c.f", "p.a.K", "gone.x")
STRENGTH = list(Trigger)

targets = st.one_of(st.sampled_from(NAMES), st.integers(1, 3))
edges = st.one_of(
    st.builds(imports, st.integers(1, 9), st.sampled_from(NAMES), scope=st.integers(0, 3)),
    st.builds(lambda at, name: edge(EdgeKind.STAR, at, name), st.integers(1, 9), st.sampled_from(NAMES)),
    st.builds(
        calls,
        st.integers(1, 9),
        targets,
        scope=st.integers(0, 3),
        pythons=st.sampled_from([("3.8",), ("3.8", "3.12"), ("3.12",)]),
        guard=st.sampled_from([None, "main", "env:X"]),
    ),
    st.builds(site, st.integers(10, 19), scope=st.integers(0, 3)),
    st.builds(Binding, st.just(0), st.sampled_from("fgK"), st.builds(Ref, name=st.sampled_from(NAMES))),
)
files = st.builds(
    lambda items: facts(*items, classes={"K": (Ref(name="p.b.K"),)}, functions=["f", "K.__init__"]),
    st.lists(edges, max_size=6),
)
sets = st.dictionaries(st.sampled_from(PATHS), files, min_size=1)


def linked(found: dict[str, FileFacts], *, seed: int = 0) -> tuple[LinkedPackage, ...]:
    shuffle = random.Random(seed).shuffle
    own = [path for path in found if path.startswith("p/")]
    other = [path for path in found if not path.startswith("p/")]
    shuffle(own)
    demo = target(distribution("p", "z.pth", *own), distribution("q", *other))
    shown = list(found.items())
    shuffle(shown)
    answers = port(demo, dict(shown) | {"z.pth:1": facts(imports(1, "p"), calls(1, "p.a.f"))})
    return link(demo, (line("z.pth", "import p; p.a.f()"),), answers)


def reached(packages: tuple[LinkedPackage, ...]) -> dict[Any, Reached]:
    return {(found.member.path, found.site): found for package in packages for found in package.sites}


@given(sets, st.integers(1, 5))
def test_order_changes_nothing(found: dict[str, FileFacts], seed: int) -> None:
    first, second = linked(found), linked(found, seed=seed)
    assert [package.sites for package in first] == [package.sites for package in second]
    assert [package.entries for package in first] == [package.entries for package in second]


@given(sets, files, st.sampled_from(["p/new.py", "r.py"]))
def test_one_more_file_weakens_no_trigger(found: dict[str, FileFacts], more: FileFacts, path: str) -> None:
    before, after = reached(linked(found)), reached(linked(found | {path: more}))
    for key, old in before.items():
        assert STRENGTH.index(after[key].trigger) <= STRENGTH.index(old.trigger)


@given(sets)
def test_every_site_is_there_once_and_every_step_stands_in_the_facts(found: dict[str, FileFacts]) -> None:
    packages = linked(found)
    sites = [(one.member.path, one.site) for package in packages for one in package.sites]
    assert len(sites) == len(set(sites))
    lines = {path: {e.line for e in f.edges} | {s.line for s in f.sites} for path, f in found.items()}
    lines["z.pth"] = {1}
    for package in packages:
        for one in package.sites:
            assert one.chain[-1].what == one.site.api
            assert all(step.line in lines[step.path] for step in one.chain)
            assert one.pythons or one.trigger in (Trigger.CALL, Trigger.DORMANT)
