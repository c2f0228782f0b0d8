"""Names that a target chooses and that lead nowhere end no run and hide nothing beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.factories import site_dir
from tests.support.program import wheelwatch

HOOK = "import sys\nsys.settrace(print)\n"


@pytest.mark.parametrize(
    "files",
    [
        {"distutils-precedence.start": "# nothing\n"},
        {"a.start": "\n:go\nm:\n.:go\n..m:go\nm..n:go\n"},
        {"a.pth": "import importlib; importlib.import_module('')\nimport sys; __import__('')\n"},
        {"a.pth": "import importlib; importlib.import_module('.')\nimport sys; __import__('..')\n"},
        {"a.pth": "import m; m.n()\n", "m.py": "from . import x\nfrom .. import y\nn = x.y\n"},
        {"m.py": "import importlib\nimportlib.import_module('.', '')\nclass A(__import__('').B): pass\n"},
        {"d.dist-info/entry_points.txt": "[pytest11]\nx = :go\ny =\nz = .:\n"},
    ],
    ids=["comment", "start", "import", "dots", "relative", "module", "entry-points"],
)
def test_a_name_that_is_nowhere(tmp_path: Path, files: dict[str, str]) -> None:
    folder = site_dir(tmp_path / "site-packages", {"good-1.0": {"good.py": HOOK}}, files)
    done = wheelwatch("scan", folder, "--format", "json", "--fail-on", "medium")
    assert done.code == 1, done.err
    assert "internal error" not in done.err
    findings = [found for package in done.report["packages"] for found in package["findings"]]
    assert "good.py" in {found["path"] for found in findings if found["rule"] == "hook-trace"}
    assert "analysis-rule-failed" not in {found["rule"] for found in findings}
