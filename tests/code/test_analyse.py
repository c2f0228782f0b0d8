"""From bytes to facts: reasons, anchors, shifted lines, and nothing that escapes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pythons import interpreters
from wheelwatch.code import analyse
from wheelwatch.code.analysis import SITE_NAMES
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import FileFacts, NotAnalysed, Reason

SOURCE = b"import sys\ndef spy(*args): pass\nsys.settrace(spy)\n"


def test_a_site_is_found() -> None:
    facts = analyse(SOURCE)
    assert isinstance(facts, FileFacts)
    assert [(site.api, site.line, site.column) for site in facts.sites] == [("sys.settrace", 3, 1)]


@pytest.mark.parametrize(
    "line", ["x = ~True", "import re\nx = re.sub('[[a]', 'b', 'ca')", "x = b'\\d'.decode('unicode_escape')"]
)
def test_what_folding_warns_of_reaches_nobody(line: str, recwarn: pytest.WarningsRecorder) -> None:
    facts = analyse(f"{line}\nprint(x)\n".encode() + SOURCE)
    assert isinstance(facts, FileFacts)
    assert "sys.settrace" in {site.api for site in facts.sites}
    assert not recwarn.list


def test_first_line_shifts_every_line() -> None:
    here, there = analyse(SOURCE), analyse(SOURCE, DEFAULT, first_line=11)
    assert isinstance(here, FileFacts)
    assert isinstance(there, FileFacts)
    for field in ("scopes", "edges", "sites"):
        assert [row.line + 10 for row in getattr(here, field)] == [
            row.line for row in getattr(there, field)
        ]
    assert there.sites[0].line == 13


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"print 'settrace'\n", Reason.SYNTAX),
        (b"settrace\0", Reason.NUL),
        (b"# coding: nobody\nsettrace", Reason.ENCODING),
        (b"# coding: utf-7\n+AHMAZQB0AHQAcgBhAGMAZQ- +AHMAZQB0AHQAcgBhAGMAZQ-", Reason.SYNTAX),
    ],
)
def test_what_is_not_analysed_has_its_anchors(data: bytes, reason: Reason) -> None:
    result = analyse(data)
    assert isinstance(result, NotAnalysed)
    assert result.reason is reason
    assert "settrace" in result.anchors


def test_too_large_files_are_searched() -> None:
    result = analyse(b"#" * 1000 + b"\nsettrace", Limits(source_bytes=100))
    assert isinstance(result, NotAnalysed)
    assert (result.reason, result.anchors) == (Reason.TOO_LARGE, ("settrace",))


@pytest.mark.parametrize("problem", [KeyError("a\nb"), RecursionError(), AssertionError("x" * 1000)])
def test_an_error_in_the_extractor_costs_one_file(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def fail(*_: object) -> FileFacts:
        raise problem

    monkeypatch.setattr("wheelwatch.code.analysis.facts", fail)
    result = analyse(SOURCE)
    assert isinstance(result, NotAnalysed)
    assert result.reason is Reason.INTERNAL
    assert "settrace" in result.anchors
    assert "\n" not in result.detail
    assert len(result.detail) <= 300


@pytest.mark.parametrize(
    "source",
    [
        "type X[T] = int\nimport sys\nsys.settrace(print)",
        "f'{f'{1}'}'\nimport sys\nsys.settrace(print)",
        "t'{1}'\nimport sys\nsys.settrace(print)",
        "try: pass\nexcept A, B: pass\nimport sys\nsys.settrace(print)",
        "lazy import os\nimport sys\nsys.settrace(print)",
        "def f[T](x: T = 1): pass\nimport sys\nsys.settrace(print)",
        "class A[T]: pass\nimport sys\nsys.settrace(print)",
        "[*x for x in y], {**d for d in ds}\nimport sys\nsys.settrace(print)",
        "x = 0" + "+0" * 4000 + "\nimport sys\nsys.settrace(print)",
        "x = " + "9" * 5000 + "\nimport sys\nsys.settrace(print)",
    ],
)
def test_sites_beside_what_the_running_python_refuses(source: str) -> None:
    facts = analyse(source.encode())
    assert isinstance(facts, FileFacts)
    assert [site.api for site in facts.sites] == ["sys.settrace"]


@given(st.binary(max_size=120))
@settings(max_examples=200, deadline=None)
def test_never_raises(data: bytes) -> None:
    assert isinstance(analyse(data), FileFacts | NotAnalysed)


@pytest.mark.parametrize(
    ("line", "api"),
    [
        ("import sys; os.system('true')", "os.system"),
        ("import sys; globals()['os'].system('true')", "os.system"),
        ("import sys; sys.settrace(print)", "sys.settrace"),
        ("import sys; addsitedir(sitedir)", "site.addsitedir"),
    ],
)
def test_a_startup_line_finds_the_names_of_site_bound(line: str, api: str) -> None:
    found = analyse(line.encode(), is_startup_line=True)
    assert isinstance(found, FileFacts)
    assert api in {site.api for site in found.sites}


@pytest.mark.executes
@pytest.mark.parametrize(("version", "python"), interpreters().items(), ids=lambda value: str(value)[:5])
def test_site_binds_those_names_everywhere(version: str, python: Path) -> None:
    wanted = {name: outer for name, outer in SITE_NAMES.items() if name != "main"}
    lookup = f"import site; print([n for n in {list(wanted)} if n not in vars(site)])"
    done = subprocess.run([python, "-I", "-c", lookup], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", version
