"""What uv is asked for besides a solution."""

from __future__ import annotations

from pathlib import Path

import pytest

from wheelwatch.sources.index.program import with_own_index
from wheelwatch.sources.index.settings import Index, Installer, Settings, settings

pytestmark = pytest.mark.executes


def test_uv_tells_the_index_that_nobody_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://of.the.user.example")
    found = with_own_index(Settings(), str(tmp_path))
    (index,) = found.indexes
    assert index.is_default
    assert index.url.startswith("https://")
    assert index.url.endswith("/simple")
    assert "example" not in index.url


def test_a_configured_index_stays(tmp_path: Path) -> None:
    mine = Settings(indexes=(Index(url="https://mine.example", is_default=True),))
    assert with_own_index(mine, str(tmp_path)) is mine


def test_no_index_asks_for_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    none = settings(Installer.PIP, (), None)
    assert with_own_index(none, str(tmp_path)).indexes == ()
