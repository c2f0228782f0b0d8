"""What holds for every set of real sources, whatever imports and calls what."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reach.sources import linked
from tests.reach.worlds import MODULES, Sets, world
from wheelwatch import code
from wheelwatch.limits import DEFAULT
from wheelwatch.model import FileFacts, LinkedPackage, Reached, Trigger

STRENGTH = list(Trigger)
SEEDS = st.integers(0, 1_000_000)
LAW = settings(deadline=None, max_examples=60)

RENAMED = {"demo": "zeta", "one": "yes", "two": "also", "deep": "ant", "leaf": "bee", "other": "aaa"} | {
    "part": "wide",
    "lone": "crowd",
}
"""Other names, which sort otherwise."""

Place = tuple[str, int, str]


def reached(packages: tuple[LinkedPackage, ...]) -> dict[Place, Reached]:
    return {
        (one.member.path, one.site.line, one.site.api): one for package in packages for one in package.sites
    }


def shuffled(sets: Sets, seed: int) -> Sets:
    shuffle = random.Random(seed).shuffle
    names = list(sets)
    shuffle(names)
    found: Sets = {}
    for name in names:
        paths = list(sets[name])
        shuffle(paths)
        found[name] = {path: sets[name][path] for path in paths}
    return found


def chain(one: Reached) -> list[tuple[str, str, int, str]]:
    return [(step.package, step.path, step.line, step.function) for step in one.chain]


@LAW
@given(SEEDS, SEEDS)
def test_the_order_of_members_and_packages_changes_nothing(seed: int, order: int) -> None:
    sets = world(seed).sets()
    first, second = reached(linked(sets)), reached(linked(shuffled(sets, order)))
    assert first.keys() == second.keys()
    for key, one in first.items():
        other = second[key]
        assert (one.trigger, chain(one), one.pythons) == (other.trigger, chain(other), other.pythons)


@LAW
@given(SEEDS, st.sampled_from(MODULES))
def test_one_more_file_weakens_no_trigger(seed: int, left: str) -> None:
    fewer = reached(linked(world(seed).sets([module for module in MODULES if module != left])))
    more = reached(linked(world(seed).sets()))
    for key, one in fewer.items():
        assert STRENGTH.index(more[key].trigger) <= STRENGTH.index(one.trigger), key


@LAW
@given(SEEDS)
def test_other_names_for_modules_change_nothing(seed: int) -> None:
    first, second = world(seed), world(seed, RENAMED)
    places = {first.place(module): second.place(module) for module in MODULES} | {"zz.pth": "zz.pth"}
    plain, renamed = reached(linked(first.sets())), reached(linked(second.sets()))
    assert {(places[path], line, api) for path, line, api in plain} == set(renamed)
    for (path, line, api), one in plain.items():
        other = renamed[places[path], line, api]
        assert (one.trigger, one.pythons, len(one.chain)) == (
            other.trigger,
            other.pythons,
            len(other.chain),
        )
        if one.trigger is Trigger.STARTUP:
            assert [(package, places[path], *rest) for package, path, *rest in chain(one)] == [
                tuple(step) for step in chain(other)
            ]


@LAW
@given(SEEDS)
def test_every_step_of_every_chain_stands_in_the_facts(seed: int) -> None:
    sets = world(seed).sets()
    said: dict[str, FileFacts] = {}
    texts: dict[str, list[str]] = {}
    for files in sets.values():
        for path, source in files.items():
            found = code.analyse(source.encode(), DEFAULT)
            assert isinstance(found, FileFacts)
            said[path] = found
            texts[path] = source.splitlines()
    for package in linked(sets):
        for one in package.sites:
            for step in one.chain:
                found = said[step.path]
                lines = {edge.line for edge in found.edges} | {site.line for site in found.sites}
                # What only several files together say is no fact of one: its words stand there.
                assert step.line in lines or step.what in texts[step.path][step.line - 1]
                assert step.function in {scope.name for scope in found.scopes}
            assert one.chain[-1].path == one.member.path
            assert one.chain[-1].line == one.site.line


@LAW
@given(SEEDS)
def test_how_much_is_held_at_once_changes_nothing(seed: int) -> None:
    sets = world(seed).sets()
    plenty = reached(linked(sets))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wheelwatch.reach.units.HELD_BYTES", 0)
        patch.setattr("wheelwatch.reach.names.REMEMBERED", 0)
        little = reached(linked(sets))
    assert little == plenty
