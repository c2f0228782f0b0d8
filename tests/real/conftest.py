"""What the tests on real packages share."""

from __future__ import annotations

import pytest


@pytest.fixture
def one_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache for many scans of the same wheels: what a file says is found out once, judged each time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "real"))
