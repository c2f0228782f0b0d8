"""Whatever is generated: facts or a reason from the closed list, and the hook planted beside it is found.

``make torture`` draws ten times as many.
"""

from __future__ import annotations

import ensurepip
import gzip
import io
import os
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import strategies
from tests.support.factories import Files, site_dir, wheel
from tests.torture.case import HOOK, PLANTED
from wheelwatch.archive import read, read_wheel
from wheelwatch.engine.run import Options, scan
from wheelwatch.engine.runner import InProcess
from wheelwatch.errors import TargetError
from wheelwatch.limits import MIB, Limits
from wheelwatch.model import NotAnalysed, Reason, Report

EXAMPLES = 250 if os.environ.get("WHEELWATCH_TORTURE") == "all" else 25
SMALL = Limits(
    member_bytes=8 * MIB,
    unpacked_bytes=32 * MIB,
    members=2_000,
    nodes=300_000,
    fold_bytes=MIB,
    startup_lines=500,
)
INFO = "demo-1.0.dist-info"
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


def judged(*targets: Path) -> Report:
    """The report on the targets, which holds the planted hook and nothing that is our own fault."""
    places = [str(target) for target in targets]
    report = scan(places, options=Options(fail_on=None, limits=SMALL), runner=InProcess(SMALL))
    found = {(row.rule, Path(row.path).name) for package in report.packages for row in package.findings}
    assert ("hook-trace", PLANTED) in found
    assert "analysis-rule-failed" not in {rule for rule, _ in found}
    reasons = {row.reason for package in report.packages for row in package.not_analysed}
    assert reasons <= set(Reason) - {Reason.INTERNAL}, report
    return report


def installed(folder: Path, files: Files, loose: Files | None = None) -> Path:
    """A fresh site directory with the planted module and these files."""
    root = folder / "site-packages"
    shutil.rmtree(root, ignore_errors=True)
    return site_dir(root, {"demo-1.0": {PLANTED: HOOK, **files}}, loose or {})


def is_told(report: Report, path: str) -> bool:
    """Something is said about the file."""
    rows: list[Any] = [
        row for package in report.packages for row in (*package.findings, *package.not_analysed)
    ]
    return any(row.path == path for row in rows)


@given(data=strategies.sources())
@many
def test_sources(folder: Path, data: bytes) -> None:
    judged(installed(folder, {"hostile.py": data}))


@given(data=strategies.sources())
@many
def test_sources_that_run_at_startup(folder: Path, data: bytes) -> None:
    report = judged(installed(folder, {}, {"sitecustomize.py": data}))
    assert is_told(report, "sitecustomize.py")


@given(data=strategies.lines())
@many
def test_path_files(folder: Path, data: bytes) -> None:
    judged(installed(folder, {}, {"zz.pth": data}))


@given(data=strategies.entries(), beside=st.booleans())
@many
def test_start_files(folder: Path, data: bytes, *, beside: bool) -> None:
    line = {"zz.pth": "import planted\n"} if beside else {}
    judged(installed(folder, {}, {"zz.start": data, **line}))


@given(data=strategies.records())
@many
def test_records(folder: Path, data: bytes) -> None:
    judged(
        installed(folder, {f"{INFO}/RECORD": data}), wheel(folder, {f"{INFO}/RECORD": data, PLANTED: HOOK})
    )


@given(data=strategies.metadatas())
@many
def test_metadata(folder: Path, data: bytes) -> None:
    files = {f"{INFO}/METADATA": data}
    judged(installed(folder, files), wheel(folder, {PLANTED: HOOK, **files}))


@given(data=st.data())
@many
def test_wheels(folder: Path, data: st.DataObject) -> None:
    files = {"zz.pth": "import m\n", "m.py": HOOK, "demo-1.0.data/scripts/x": "#!python\n", "e.egg": "x"}
    good = wheel(folder / "good", {PLANTED: HOOK}, name="good")
    bad = folder / "demo-1.0-py3-none-any.whl"
    bad.write_bytes(data.draw(strategies.zips(wheel(folder / "base", files).read_bytes())))
    report = judged(good, bad)
    assert len(report.packages) + len(report.errors) == 2


@given(data=st.data())
@many
def test_a_real_wheel(folder: Path, data: st.DataObject) -> None:
    """pip's own, as it comes with Python: read or refused, and each of its members readable or not."""
    path = folder / "pip-1.0-py3-none-any.whl"
    path.write_bytes(data.draw(strategies.zips(_pip())))
    try:
        found = read_wheel(path, SMALL)
    except TargetError:  # the one way in which an archive may be refused
        return
    for member in found.members[:: max(1, len(found.members) // 10)]:
        content = read(member.source, SMALL)
        assert isinstance(content, bytes) or content.reason in set(Reason) - {Reason.INTERNAL}
    assert all(isinstance(problem, NotAnalysed) for _, problem in found.not_analysed)


@given(data=st.data(), form=st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT]))
@many
def test_sdists(folder: Path, data: st.DataObject, form: int) -> None:
    good = wheel(folder / "good", {PLANTED: HOOK}, name="good")
    bad = folder / "demo-1.0.tar.gz"
    packed = gzip.compress(data.draw(strategies.tars(_tar(form))), 1)
    bad.write_bytes(data.draw(strategies.edited(packed)) if data.draw(st.booleans()) else packed)
    report = judged(good, bad)
    assert len(report.packages) + len(report.errors) == 2


def _pip() -> bytes:
    (path,) = (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")
    return path.read_bytes()


def _tar(form: int) -> bytes:
    buffer = io.BytesIO()
    long = "demo-1.0/" + "d" * 60 + "/" + "f" * 60 + ".py"
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name in ("demo-1.0/PKG-INFO", "demo-1.0/setup.py", "demo-1.0/m.py", long):
            info = tarfile.TarInfo(name)
            info.size = len(HOOK)
            archive.addfile(info, io.BytesIO(HOOK.encode()))
        link = tarfile.TarInfo("demo-1.0/l.py")
        link.type, link.linkname = tarfile.SYMTYPE, "m.py"
        archive.addfile(link)
    return buffer.getvalue()
