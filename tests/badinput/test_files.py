"""Files inside a target that break parsers: a result for each, and the rest of the target still judged."""

from __future__ import annotations

import resource
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.factories import EPOCH, wheel
from tests.support.program import wheelwatch

GIB = 1024**3
TRACER = "import sys\nsys.settrace(print)\n"

BROKEN: dict[str, str | bytes] = {
    "chained attributes": "x = a" + ".b" * 200_000 + "\n",
    "a long sum": "x = " + " + ".join(["1"] * 700) + "\n",
    "minus signs": "x = " + "-" * 100_000 + "1\n",
    "brackets": "x = " + "(" * 5_000 + ")" * 5_000 + "\n",
    "nested blocks": "".join("    " * depth + "if x:\n" for depth in range(99)) + "    " * 99 + "pass\n",
    "a NUL": "x = 1\0\n",
    "Python 2": "print 'x'\n",
    "an unknown encoding": "# coding: no-such-codec\nx = 1\n",
    "bytes that are no UTF-8": b"x = '\xff\xfe'\n",
    "nothing": "",
    "one line of a megabyte": "x = '" + "a" * 1_000_000 + "'\n",
}


def only(report: dict[str, Any]) -> dict[str, Any]:
    (package,) = report["packages"]
    found: dict[str, Any] = package
    return found


@pytest.mark.parametrize("kind", BROKEN)
def test_it_never_hides_the_module_beside_it(kind: str, tmp_path: Path) -> None:
    path = wheel(tmp_path, {"demo/__init__.py": TRACER, "demo/broken.py": BROKEN[kind]})
    done = wheelwatch("scan", path, "--format", "json", "--fail-on", "medium")
    assert done.code == 1, done.err
    assert "Traceback" not in done.err
    package = only(done.report)
    assert package["level"] == "medium"
    assert ("hook-trace", "demo/__init__.py", 2) in {
        (finding["rule"], finding["path"], finding["line"]) for finding in package["findings"]
    }


@pytest.mark.parametrize("kind", BROKEN)
def test_what_stands_in_it_is_found_or_it_is_not_analysed(kind: str, tmp_path: Path) -> None:
    content = BROKEN[kind]
    poisoned = content + TRACER.encode() if isinstance(content, bytes) else content + TRACER
    path = wheel(tmp_path, {"demo/__init__.py": "", "demo/broken.py": poisoned})
    done = wheelwatch("scan", path, "--format", "json", "--fail-on", "medium")
    assert done.code == 1, (done.code, done.out, done.err)
    package = only(done.report)
    found = {finding["rule"] for finding in package["findings"] if finding["path"] == "demo/broken.py"}
    unread = {entry["path"] for entry in package["not_analysed"]}
    assert "hook-trace" in found or "demo/broken.py" in unread


@pytest.mark.parametrize("kind", ["a NUL", "an unknown encoding", "bytes that are no UTF-8"])
def test_unread_on_a_startup_path_it_stops_the_job(kind: str, tmp_path: Path) -> None:
    path = wheel(tmp_path, {"sitecustomize.py": BROKEN[kind], "demo/__init__.py": ""})
    done = wheelwatch("scan", path, "--format", "json")
    assert done.code == 1, (done.code, done.out, done.err)
    assert only(done.report)["level"] == "high"


@pytest.mark.parametrize(("name", "code"), [("zz.pth", 1), ("sitecustomize.py", 1)])
def test_a_gigabyte_of_zeros_at_startup(name: str, code: int, tmp_path: Path) -> None:
    path = zeros(tmp_path, name)
    done = wheelwatch("scan", path, "--format", "json")
    assert done.code == code, (done.out, done.err)
    assert [entry["reason"] for entry in only(done.report)["not_analysed"]] == ["too-large"]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert peak < GIB


def test_a_gigabyte_of_zeros_beside_the_rest(tmp_path: Path) -> None:
    path = zeros(tmp_path, "demo/zeros.py")
    done = wheelwatch("scan", path, "--format", "json", "--fail-on", "medium")
    assert done.code == 1, (done.out, done.err)
    package = only(done.report)
    assert ("demo/zeros.py", "too-large") in {
        (entry["path"], entry["reason"]) for entry in package["not_analysed"]
    }
    assert "hook-trace" in {finding["rule"] for finding in package["findings"]}


def zeros(folder: Path, name: str) -> Path:
    """A wheel of about a megabyte with one member that inflates to a gigabyte."""
    path = wheel(folder, {"demo/__init__.py": TRACER}, record=False)
    chunk = bytes(GIB // 64)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w") as member:
            for _ in range(64):
                member.write(chunk)
    return path


HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07",
    "[bold red]wheelwatch[/]",
    "\u202etxt.yp",
    "[link=https://x]y[/link]",
    "\x9b31m",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("color", ["always", "never"])
def test_terminal_escapes_and_markup_are_shown_not_obeyed(text: str, color: str, tmp_path: Path) -> None:
    source = f"import sys\nsys.settrace(print)  # {text}\nsys.settrace({text!r}.__len__)  # {text}\n"
    files = {f"demo{text}/x.py": source, "zz.pth": f"import sys; sys.settrace(print)  # {text}\n"}
    done = wheelwatch("scan", wheel(tmp_path, files), "--color", color)
    assert done.code == 1, done.err
    assert "zz.pth" in done.out
    for hostile in ("\x1b[2J", "\x1b]", "\x07", "\u202e", "\x9b"):
        assert hostile not in done.out + done.err
    if text.startswith("["):
        assert text in done.out, "markup is text"
