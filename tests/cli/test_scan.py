"""``wheelwatch scan`` as users see it: streams, formats, files, variables."""

from __future__ import annotations

import json
import os
import stat
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest

from tests.support.factories import tree, wheel
from tests.support.program import wheelwatch

pytestmark = pytest.mark.processes

SCHEMA = json.loads((files("wheelwatch.report") / "schema.json").read_text(encoding="utf-8"))
BOOT = {
    "zz.pth": "import demo._boot\n",
    "demo/__init__.py": "",
    "demo/_boot.py": "from demo._hooks import install\n\ninstall()\n",
    "demo/_hooks.py": "import sys\n\n\ndef install():\n    sys.settrace(print)\n",
}


def valid(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_the_chain_is_told_from_the_startup_line_to_the_hook(tmp_path: Path) -> None:
    done = wheelwatch("scan", wheel(tmp_path, BOOT))
    assert done.code == 1
    assert done.err == ""
    rows = done.out.splitlines()
    assert rows[0].startswith("demo 1.0  wheel  high  score ")
    first = next(row for row, text in enumerate(rows) if "chain:" in text)
    assert [row.split()[-2:] for row in rows[first + 1 : first + 3]] or rows
    chain = "\n".join(rows[first : first + 4])
    for step in ("zz.pth:1", "demo/_boot.py:3", "demo/_hooks.py:5", "sys.settrace"):
        assert step in chain
    assert rows[-1].startswith("fail: 1 package scanned; ")


def test_json_on_stdout_and_the_summary_on_stderr(tmp_path: Path) -> None:
    path = wheel(tmp_path, BOOT)
    done = wheelwatch("scan", path, "--format", "json")
    document = valid(done.out)
    assert document["outcome"] == "fail"
    assert document["targets"] == [str(path)]
    assert document["packages"][0]["location"] == str(path)
    assert done.err.splitlines()[-1].startswith("fail: 1 package scanned")
    assert wheelwatch("scan", path, "--format", "json", "--quiet").err == ""


def test_two_runs_say_the_same(tmp_path: Path) -> None:
    path = wheel(tmp_path, BOOT)
    runs = [wheelwatch("scan", path, "--format", "json", "--workers", str(n)).out for n in (1, 2, 4)]
    assert runs[0] == runs[1] == runs[2]


def test_an_output_file_replaces_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    done = wheelwatch("scan", wheel(tmp_path, BOOT), "--format", "json", "-o", target)
    assert done.code == 1
    assert done.out == ""
    assert valid(target.read_text())["outcome"] == "fail"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo-1.0-py3-none-any.whl", "report.json"]


@pytest.mark.parametrize("output", ["no/report", ".", ""])
def test_an_output_file_that_cannot_be_written(tmp_path: Path, output: str) -> None:
    given = str(tmp_path / output) if output else ""
    done = wheelwatch("scan", wheel(tmp_path, BOOT), "-o", given)
    assert done.code == 2
    assert done.err.startswith(f"error: {given or '--output'}: the report cannot be written there: ")
    assert "hint: " in done.err
    assert "tmp: " not in done.err, "the file that the user named, not the one beside it"
    assert "Traceback" not in done.err


def test_an_output_of_a_dash_is_stdout(tmp_path: Path) -> None:
    done = wheelwatch("scan", wheel(tmp_path, BOOT), "-o", "-", "--format", "json")
    assert done.code == 1
    assert valid(done.out)["outcome"] == "fail"
    assert not Path("-").exists()


def test_a_report_is_written_whatever_the_verdict(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for number, (target, code) in enumerate({"gone.whl": 2, "empty": 3}.items()):
        out = tmp_path / f"{number}.json"
        assert wheelwatch("scan", tmp_path / target, "--format", "json", "-o", out).code == code
        assert valid(out.read_text())["packages"] == []


def test_an_output_device_is_written_in_place(tmp_path: Path) -> None:
    done = wheelwatch("scan", wheel(tmp_path, BOOT), "--format", "json", "-o", "/dev/stdout")
    valid(done.out)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_every_flag_has_a_variable(tmp_path: Path) -> None:
    settings = {
        "WHEELWATCH_FORMAT": "json",
        "WHEELWATCH_FAIL_ON": "never",
        "WHEELWATCH_PYTHON_VERSION": "3.12 3.9",
        "WHEELWATCH_WORKERS": "1",
        "WHEELWATCH_QUIET": "1",
        "WHEELWATCH_OUTPUT": str(tmp_path / "out.json"),
        "WHEELWATCH_COLOR": "never",
        "WHEELWATCH_VERBOSE": "1",
        "WHEELWATCH_AS": "site",
    }
    done = wheelwatch("scan", wheel(tmp_path, BOOT), env=settings)
    assert (done.code, done.out, done.err) == (0, "", "")
    document = valid((tmp_path / "out.json").read_text())
    assert document["pythons"] == ["3.9", "3.12"]
    assert document["fail_on"] == "never"


def test_only_versions_that_count_make_a_run_fail(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"zz.pth": "  import sys; sys.settrace(print)\n"})  # executed from 3.15 on
    assert wheelwatch("scan", path).code == 1
    assert wheelwatch("scan", path, "--python-version", "3.15").code == 1
    assert wheelwatch("scan", path, "--python-version", "3.12").code == 0


@pytest.mark.parametrize(
    ("arguments", "variables", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours(tmp_path: Path, arguments: list[str], variables: dict[str, str], colored: bool) -> None:
    done = wheelwatch("scan", wheel(tmp_path, BOOT), *arguments, env=variables)
    assert ("\x1b[" in done.out) is colored


def test_an_encoding_without_our_letters_does_not_stop_the_report(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"zz.pth": "import sys; sys.settrace(print)  # naïve 日本語\n"})
    done = wheelwatch("scan", path, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.code == 1
    assert "na\\xefve" in done.out


@pytest.mark.parametrize(
    "module", ["json", "typer", "msgspec", "textwrap", "wheelwatch_plugin", "sitecustomize"]
)
def test_nothing_is_imported_from_the_current_directory(tmp_path: Path, module: str) -> None:
    folder = tree(tmp_path / "here", {f"{module}.py": f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"})
    done = wheelwatch("scan", wheel(tmp_path, BOOT), cwd=folder)
    assert done.code == 1, done.err
    assert not (tmp_path / "ran").exists()
    wheelwatch("scan", ".", cwd=folder)
    assert not (tmp_path / "ran").exists()


def test_several_reports_of_one_run(tmp_path: Path) -> None:
    files = {form: tmp_path / form for form in ("json", "sarif", "github", "junit", "markdown", "text")}
    options = [word for form, path in files.items() for word in ("--report", f"{form}={path}")]
    done = wheelwatch("scan", wheel(tmp_path, BOOT), *options)
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("fail: 1 package scanned")
    assert valid(files["json"].read_text())["outcome"] == "fail"
    assert json.loads(files["sarif"].read_text())["version"] == "2.1.0"
    assert files["github"].read_text().startswith("::error file=")
    assert files["junit"].read_text().startswith("<?xml ")
    assert files["markdown"].read_text().startswith("## wheelwatch: fail")
    assert files["text"].read_text() == done.out


@pytest.mark.parametrize("given", ["sarif", "sarif=", "html=x", "=x", "x.sarif"])
def test_a_report_that_names_no_format_and_file(tmp_path: Path, given: str) -> None:
    done = wheelwatch("scan", wheel(tmp_path, BOOT), "--report", given)
    assert (done.code, done.out) == (2, "")
    assert "FORMAT=PATH" in done.err


@pytest.mark.parametrize(
    "options",
    [
        ("--report", "json=a", "--report", "sarif=a"),
        ("--report", "json=a", "--report", "sarif=./a"),
        ("--report", "json=a", "--output", "a"),
        ("--report", "json=-"),
        ("--report", "json=a", "--report", "sarif=-", "--output", "-"),
    ],
)
def test_two_reports_for_one_place_are_refused(tmp_path: Path, options: tuple[str, ...]) -> None:
    target = wheel(tmp_path, BOOT)
    done = wheelwatch("scan", target, *options, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "would overwrite another report" in done.err
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_report_on_stdout_beside_one_in_a_file(tmp_path: Path) -> None:
    done = wheelwatch("scan", wheel(tmp_path, BOOT), "-o", tmp_path / "text", "--report", "json=-")
    assert (done.code, done.report["outcome"]) == (1, "fail")
    assert "high[hook-trace]" in (tmp_path / "text").read_text()


def test_a_report_that_cannot_be_written_is_not_half_written(tmp_path: Path) -> None:
    gone = tmp_path / "no" / "report.sarif"
    last = tmp_path / "report.json"
    options = ("--report", f"sarif={gone}", "--report", f"json={last}")
    done = wheelwatch("scan", wheel(tmp_path, BOOT), *options)
    assert done.code == 2
    assert f"error: {gone}: the report cannot be written there" in done.err
    assert not gone.parent.exists()
    assert valid(last.read_text())["outcome"] == "fail", "the others are written"
    assert done.out.splitlines()[-1].startswith("fail: 1 package scanned")
