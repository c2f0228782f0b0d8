"""One set that cannot be judged hides the verdict of no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.factories import tree
from wheelwatch import reach, scan
from wheelwatch.model import LinkedPackage, Outcome, TargetSet


def test_an_error_in_one_set_is_a_failure_beside_the_verdicts_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bad", "good"):
        tree(tmp_path / name, {"zz.pth": "import sys; sys.settrace(print)\n"})
    link = reach.link

    def fails(target: TargetSet, *rest: object, **options: object) -> tuple[LinkedPackage, ...]:
        if "bad" in target.label:
            raise IndexError("list index out of range")
        return link(target, *rest, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(reach, "link", fails)
    report = scan([tmp_path / "bad", tmp_path / "good"], as_="site", cache=False)
    assert [failure.where for failure in report.errors] == [str(tmp_path / "bad")]
    assert "IndexError: list index out of range" in report.errors[0].what
    assert [package.location for package in report.packages] == [str(tmp_path / "good")]
    assert report.outcome is Outcome.FAIL
    alone = scan([tmp_path / "bad"], as_="site", cache=False)
    assert alone.outcome is Outcome.INCOMPLETE


def test_an_interrupt_goes_through_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path / "one", {"zz.pth": "import sys; sys.settrace(print)\n"})

    def interrupted(*_arguments: object, **_options: object) -> tuple[LinkedPackage, ...]:
        raise KeyboardInterrupt

    monkeypatch.setattr(reach, "link", interrupted)
    with pytest.raises(KeyboardInterrupt):
        scan([tmp_path / "one"], as_="site", cache=False)
