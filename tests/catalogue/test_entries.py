"""Each row of the catalogue has all of its documentation, and its example is found as what it is."""

from __future__ import annotations

import pytest

from wheelwatch import code
from wheelwatch.catalogue import Entry, apis, entries, lookup
from wheelwatch.model import FileFacts, Kind, Site

NEVER_BY_NAME = {Kind.DECODE_RUN, Kind.STARTUP_WRITE, Kind.DYNAMIC_CODE, Kind.DYNAMIC_ACCESS}
"""Families that no name alone stands for: what a call is given decides."""


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.row)
def test_an_entry_says_everything(entry: Entry) -> None:
    assert entry.title
    assert entry.example
    assert entry.observes
    assert entry.instead
    assert entry.pythons
    assert entry.reference.startswith("https://")
    assert entry.names or entry.kind in NEVER_BY_NAME


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.row)
def test_the_example_is_found(entry: Entry) -> None:
    found = code.analyse(entry.example.encode())
    assert isinstance(found, FileFacts)
    assert [site for site in found.sites if _is_of(site, entry)]


def _is_of(site: Site, entry: Entry) -> bool:
    named = lookup(site.api, site.kind)
    return site.kind is entry.kind and (not entry.names or (named is not None and named.row == entry.row))


def test_every_family_has_an_entry() -> None:
    assert {entry.kind for entry in entries()} == set(Kind)


def test_every_name_belongs_to_an_entry() -> None:
    names = {name for entry in entries() for _, named in entry.names for name in named}
    assert names == {api.name for api in apis().values()}
