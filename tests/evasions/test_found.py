"""Each snippet is found at import, by its own family or as an access that cannot be resolved."""

from __future__ import annotations

import re
import unicodedata

import pytest

from tests.evasions.table import FAMILIES, Snippet, snippets
from wheelwatch.code import Parsed, parse
from wheelwatch.code.extract import ANCHORS, facts
from wheelwatch.model import FileFacts, Kind, Site

ALSO = {Kind.DYNAMIC_ACCESS, Kind.DECODE_RUN}
"""Families that stand for a hook whose name cannot be told."""
ALL = snippets()
ALONE = [snippet for snippet in ALL if len(snippet.files) == 1]


def facts_of(snippet: Snippet) -> FileFacts:
    parsed = parse(snippet.files[0][1].encode())
    assert isinstance(parsed, Parsed), parsed
    return facts(parsed)


def at_import(found: FileFacts) -> list[Site]:
    """The sites in scopes that the module's body reaches, but for removals and what stands behind main."""
    reached, queue = {0}, [0]
    while queue:
        scope = queue.pop()
        for edge in found.edges:
            is_off = edge.guard is not None and ("main" in edge.guard or "type-checking" in edge.guard)
            if (
                edge.scope == scope
                and edge.target.scope >= 0
                and edge.target.scope not in reached
                and not is_off
            ):
                reached.add(edge.target.scope)
                queue.append(edge.target.scope)
    return [
        site
        for site in found.sites
        if site.scope in reached
        and not site.clears
        and "main" not in (site.guard or "")
        and site.guard != "type-checking"
    ]


def _name(snippet: Snippet) -> str:
    return f"{snippet.row}-{snippet.name}".replace(" ", "-")


@pytest.mark.parametrize("snippet", [one for one in ALONE if not one.is_quiet], ids=_name)
def test_found_at_import(snippet: Snippet) -> None:
    kinds = {site.kind for site in at_import(facts_of(snippet))}
    assert kinds & ({FAMILIES[snippet.effect]} | ALSO)


@pytest.mark.parametrize("snippet", [one for one in ALONE if one.is_quiet], ids=_name)
def test_near_miss_is_quiet(snippet: Snippet) -> None:
    loud = [
        site
        for site in at_import(facts_of(snippet))
        if site.kind is FAMILIES[snippet.effect] or (site.kind in ALSO and site.obfuscated)
    ]
    assert not loud


@pytest.mark.parametrize("snippet", ALONE, ids=_name)
def test_no_site_without_an_anchor(snippet: Snippet) -> None:
    text = snippet.files[0][1]
    if not any(anchor in text for anchor in ANCHORS):
        assert not facts_of(snippet).sites


HIDDEN = re.compile(r"(settrace|setprofile|addaudithook|meta_path|excepthook|register_callback)")


@pytest.mark.parametrize("row", sorted({snippet.row for snippet in ALL} - {"split", "neighbours"}))
def test_each_row_has_three_one_without_a_name_and_one_over_two_files(row: str) -> None:
    tricks = [snippet for snippet in ALL if snippet.row == row and not snippet.is_quiet]
    assert len(tricks) >= 3
    assert any(len(snippet.files) > 1 for snippet in tricks)
    plain = [unicodedata.normalize("NFKC", "".join(text for _, text in one.files)) for one in tricks]
    assert any(HIDDEN.search(text) is None for text in plain)
    near = [one for one in ALL if one.row == row and one.is_quiet and not one.is_later]
    assert len(near) >= len(tricks)


def test_the_table_is_large_enough() -> None:
    assert sum(not snippet.is_quiet for snippet in ALL) >= 200
