"""What triage leaves out holds no site that counts: every trick of the table, and real sources."""

from __future__ import annotations

import pytest

from tests.evasions.table import Snippet, snippets
from tests.fuzz.planting import hosts
from wheelwatch import code
from wheelwatch.model import NotAnalysed

PARTS = 10
REAL = 400
"""Sources of the standard library and of installed packages that are looked at."""


def missed(data: bytes) -> list[str]:
    """The sites that count of a source that triage leaves out."""
    if code.wants(code.sketch(data).anchors):
        return []
    found = code.analyse(data)
    if isinstance(found, NotAnalysed):
        return []
    return [
        f"{site.api} in line {site.line}: {site.snippet}"
        for site in found.sites
        if code.counts(site.kind, is_obfuscated=site.obfuscated)
    ]


def _name(snippet: Snippet) -> str:
    return f"{snippet.row}-{snippet.name}-{snippet.is_quiet}"


@pytest.mark.parametrize("part", range(PARTS))
def test_no_trick_is_left_out(part: int) -> None:
    problems = {
        f"{_name(snippet)}: {path}": sites
        for snippet in snippets()[part::PARTS]
        for path, text in snippet.files
        if (sites := missed(text.encode()))
    }
    assert problems == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_no_real_source_with_a_site_is_left_out(part: int) -> None:
    step = max(1, len(hosts()) // REAL)
    chosen = hosts()[::step][part::PARTS]
    assert chosen
    problems = {str(path): sites for path in chosen if (sites := missed(path.read_bytes()))}
    assert problems == {}


def test_most_real_sources_are_left_out() -> None:
    chosen = hosts()[:: max(1, len(hosts()) // REAL)]
    wanted = sum(code.wants(code.sketch(path.read_bytes()).anchors) for path in chosen)
    assert wanted < len(chosen) / 2
