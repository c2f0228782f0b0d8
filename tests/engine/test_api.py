"""The library: reports as values, failures of targets as part of them, misuse as exceptions."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import wheelwatch
from tests.support.factories import site_dir, wheel
from wheelwatch.cli.option import As
from wheelwatch.model import Level, Outcome
from wheelwatch.sources.kind import FolderKind

pytestmark = pytest.mark.processes

TRACED = {"zz.pth": "import sys; sys.settrace(print)\n", "demo/__init__.py": ""}


def test_a_report_is_a_value(tmp_path: Path) -> None:
    report = wheelwatch.scan(wheel(tmp_path, TRACED))
    assert isinstance(report, wheelwatch.Report)
    (package,) = report.packages
    assert (package.name, package.version, package.level) == ("demo", "1.0", Level.HIGH)
    assert report.outcome is Outcome.FAIL
    assert {"hook-trace"} <= {finding.rule for finding in package.findings}
    assert report == wheelwatch.scan([str(tmp_path / "demo-1.0-py3-none-any.whl")], workers=1)


def test_the_threshold_moves_the_verdict_not_the_findings(tmp_path: Path) -> None:
    path = wheel(tmp_path, TRACED)
    strict, lax = wheelwatch.scan(path), wheelwatch.scan(path, fail_on=None)
    assert lax.outcome is Outcome.PASS
    assert strict.packages == lax.packages


def test_a_target_that_cannot_be_read_is_part_of_the_report(tmp_path: Path) -> None:
    report = wheelwatch.scan([tmp_path / "gone.whl", wheel(tmp_path, TRACED)], fail_on=None)
    assert report.outcome is Outcome.INCOMPLETE
    assert not report.complete
    assert [failure.where for failure in report.errors] == [str(tmp_path / "gone.whl")]
    assert len(report.packages) == 1


def test_a_version_that_nobody_judges_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(wheelwatch.WheelwatchError, match=r"2\.7"):
        wheelwatch.scan(wheel(tmp_path, TRACED), pythons=["2.7"])


def test_each_site_directory_is_a_set_of_its_own(tmp_path: Path) -> None:
    installs = "import sys\n\n\ndef install():\n    sys.settrace(print)\n"
    hooks = site_dir(tmp_path / "a", {"hooks-1.0": {"hooks.py": installs}})
    starts = site_dir(tmp_path / "b", {"starts-1.0": {"zz.pth": "import hooks; hooks.install()\n"}})
    both = site_dir(
        tmp_path / "c",
        {
            "hooks-1.0": {"hooks.py": installs},
            "starts-1.0": {"zz.pth": "import hooks; hooks.install()\n"},
        },
    )
    apart = wheelwatch.scan([hooks, starts])
    together = wheelwatch.scan(both)
    triggers = [
        {finding.trigger for package in report.packages for finding in package.findings if finding.api}
        for report in (apart, together)
    ]
    assert wheelwatch.Trigger.STARTUP not in triggers[0]
    assert wheelwatch.Trigger.STARTUP in triggers[1]


def test_a_program_with_threads_may_scan(tmp_path: Path) -> None:
    """No fork while another thread may hold a lock: workers come from a clean process there."""
    path = wheel(tmp_path, TRACED)
    alone = wheelwatch.scan(path)
    finished = threading.Event()
    thread = threading.Thread(target=finished.wait)
    thread.start()
    try:
        assert wheelwatch.scan(path) == alone
    finally:
        finished.set()
        thread.join()


def test_the_command_line_knows_every_kind_of_folder() -> None:
    assert [kind.value for kind in As] == [kind.value for kind in FolderKind]
