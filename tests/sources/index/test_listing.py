"""What is read of an index's page, and that hostile pages come to an end."""

from __future__ import annotations

import json

import pytest

from wheelwatch.sources.index.listing import JSON, BadListingError, Listed, parse

ADDRESS = "https://x.example/simple/app/"
WHEEL = "app-1.0-py3-none-any.whl"


def html(text: str) -> tuple[Listed, ...]:
    return parse(text.encode(), "text/html", ADDRESS)


def test_anchors_as_pip_reads_them() -> None:
    (found,) = html(
        f'<!DOCTYPE html><BASE href="/files/"><!-- <a href="app-9.0.tar.gz">x</a> -->\n'
        f'<A data-requires-python=">=3.8,<4" data-yanked href="{WHEEL}#sha256={"AB" * 32}"\n>x</A>'
    )
    assert (found.filename, found.url) == (WHEEL, f"https://x.example/files/{WHEEL}")
    assert (found.requires_python, found.yanked) == (">=3.8,<4", "")
    assert found.hashes == (f"sha256:{'ab' * 32}",)
    assert [row.version for row in html(f"<a href='../{WHEEL}'>x</a><abbr href='app-2.0.tar.gz'>")] == [
        "1.0"
    ]
    (escaped,) = html(f'<a href="{WHEEL}" data-requires-python="&gt;=3.8">')
    assert escaped.requires_python == ">=3.8"


@pytest.mark.parametrize(
    "unit",
    ["<a ", "<a href='", '<a x="', "<!--", "<!", "</", "&", "<a '\"", "<a '\"x", '<a "\'"', "<a\n", "<"],
)
def test_what_is_never_closed_ends(unit: str) -> None:
    """Python's own parser needs hours for some of these."""
    assert html(unit * 300_000) == ()


def test_names_and_ranges_that_say_nothing() -> None:
    long = f"app-1.{'0' * 300}-py3-none-any.whl"
    row = {"filename": WHEEL, "url": WHEEL, "hashes": {}, "requires-python": ">=3," * 10_000}
    rows = [
        row,
        {**row, "filename": long},
        {**row, "filename": "../" + WHEEL},
        {**row, "filename": WHEEL + "\n"},
    ]
    (found,) = parse(json.dumps({"files": rows}).encode(), JSON, ADDRESS)
    assert found.filename == WHEEL
    assert len(found.requires_python) == 1000
    with pytest.raises(BadListingError, match="not the JSON"):
        parse(b"[" * 100_000, JSON, ADDRESS)
