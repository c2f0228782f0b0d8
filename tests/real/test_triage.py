"""On real wheels the report is the same bytes with and without triage."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.wheels import wheels
from tests.support.program import wheelwatch

pytestmark = [pytest.mark.network, pytest.mark.usefixtures("one_cache")]


def test_without_triage_the_report_is_the_same() -> None:
    command: tuple[str | Path, ...] = ("scan", *wheels().values(), "--format", "json", "--fail-on", "never")
    sieved = wheelwatch(*command)
    whole = wheelwatch(*command, "--no-triage", timeout=600)
    assert sieved.code == whole.code == 0, whole.err
    assert sieved.out == whole.out
