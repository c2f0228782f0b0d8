"""The case that must never be missed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.incidents import litellm
from tests.support.program import wheelwatch

FORMS = [litellm.as_wheel, litellm.as_site_directory, litellm.as_folder]


def test_the_replica_has_the_shape_of_the_real_one() -> None:
    line = litellm.startup_line()
    assert line.startswith(
        'import os, subprocess, sys; subprocess.Popen([sys.executable, "-c", "import base64; '
    )
    assert line.count("\n") == 1
    assert abs(len(line) - litellm.SIZE) < 500


@pytest.mark.parametrize("form", FORMS)
def test_it_is_critical_at_startup(form: Callable[[Path], Path], tmp_path: Path) -> None:
    done = wheelwatch("scan", form(tmp_path), "--format", "json")
    assert done.code == 1, done.err
    worst = max(done.report["packages"], key=lambda package: package["score"])
    assert worst["level"] == "critical"
    critical = [finding for finding in worst["findings"] if finding["severity"] == "critical"]
    assert critical
    assert {(finding["path"], finding["line"], finding["trigger"]) for finding in critical} == {
        ("litellm_init.pth", 1, "startup")
    }
    assert all(finding["applies"] for finding in critical)


@pytest.mark.parametrize("form", FORMS)
def test_the_text_report_names_file_line_and_what_it_does(
    form: Callable[[Path], Path], tmp_path: Path
) -> None:
    done = wheelwatch("scan", form(tmp_path))
    assert done.code == 1, done.err
    assert "critical" in done.out
    assert "litellm_init.pth:1" in done.out
    assert "subprocess.Popen" in done.out
    assert max(map(len, done.out.splitlines())) < 1000, "the payload is not poured over the terminal"


@pytest.mark.parametrize("form", FORMS)
def test_nothing_but_never_lets_it_pass(form: Callable[[Path], Path], tmp_path: Path) -> None:
    target = form(tmp_path)
    assert wheelwatch("scan", target, "--fail-on", "critical").code == 1
    assert wheelwatch("scan", target, "--fail-on", "never").code == 0
