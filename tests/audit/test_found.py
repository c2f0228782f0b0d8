"""An audit from requirements to a report: what is asked for, who asked, where it came from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.audit.place import audit, names, package, report
from tests.cli.test_scan import valid
from tests.support.index import Index, serve

pytestmark = pytest.mark.network

SPY = {
    "zz.pth": "import spy._boot\n",
    "spy/__init__.py": "",
    "spy/_boot.py": "import sys\nsys.settrace(print)\n",
}


def three(index: Index, folder: Path) -> None:
    """``app`` requires ``lib``, which requires ``spy`` for an extra."""
    package(index, folder, "app", "2.0", "lib[watch]>=1")
    package(index, folder, "lib", "1.5", "spy; extra == 'watch'")
    package(index, folder, "spy", "0.3", files=SPY)


@pytest.mark.parametrize("has_json", [True, False])
def test_the_way_from_a_requirement_to_a_finding(tmp_path: Path, has_json: bool) -> None:
    with serve(has_json=has_json) as index:
        three(index, tmp_path / "wheels")
        wanted = tmp_path / "requirements.txt"
        wanted.write_text(f"# what we need\n--index-url {index.url}\napp>=1  # the app\n")
        done = audit(tmp_path, "-r", wanted, "--format", "json")
    document = valid(done.out)
    assert done.code == 1
    assert names(document) == ["app==2.0", "lib==1.5", "spy==0.3"]
    spy = document["packages"][2]
    assert spy["level"] == "high"
    assert (
        spy["sha256"]
        == hashlib.sha256((tmp_path / "wheels/spy-0.3-py3-none-any.whl").read_bytes()).hexdigest()
    )
    assert spy["origin"] == {
        "requirement": "app>=1",
        "file": str(wanted),
        "line": 3,
        "path": ["app", "lib", "spy"],
        "url": f"{index.base}/files/spy/spy-0.3-py3-none-any.whl",
        "uploaded": "2026-03-01T10:00:00Z" if has_json else None,
        "cached": False,
    }
    (finding,) = [row for row in spy["findings"] if row["rule"] == "hook-trace"]
    assert [step["path"] for step in finding["chain"]] == ["zz.pth", "spy/_boot.py"]
    assert document["errors"] == []
    assert "resolved as pip would" in done.err


def test_the_text_report_says_who_asked_and_since_when(tmp_path: Path) -> None:
    with serve() as index:
        three(index, tmp_path / "wheels")
        done = audit(tmp_path, "app", "--index-url", index.url)
    assert done.code == 1
    assert "spy 0.3  wheel  high  score 64  spy-0.3-py3-none-any.whl\n" in done.out
    assert (
        "asked for by app (the command line): app -> lib -> spy; uploaded 2026-03-01T10:00:00Z\n"
        in done.out
    )


def test_the_second_run_fetches_no_file(tmp_path: Path) -> None:
    with serve() as index:
        three(index, tmp_path / "wheels")
        _, first, _ = report(tmp_path, "app", "-i", index.url)
        fetched = len(index.downloads())
        code, second, _ = report(tmp_path, "app", "-i", index.url)
        assert fetched > 0
        assert len(index.downloads()) == fetched
        _, offline, _ = report(tmp_path, "app", "-i", index.url, "--offline")
    assert code == 1
    assert [row["origin"]["cached"] for row in first["packages"]] == [False, False, False]
    assert [row["origin"]["cached"] for row in second["packages"]] == [True, True, True]
    assert [row["findings"] for row in first["packages"]] == [row["findings"] for row in second["packages"]]
    assert names(offline) == names(first)


def test_offline_without_a_cache_is_incomplete(tmp_path: Path) -> None:
    with serve() as index:
        three(index, tmp_path / "wheels")
        code, document, err = report(tmp_path, "app", "-i", index.url, "--offline")
        assert index.seen == []
    assert code == 2
    assert document["packages"] == []
    assert "without the network" in err
    assert "run once without --offline" in err


def test_nothing_but_the_index_is_asked(tmp_path: Path) -> None:
    """What is not named is not there: without a network of its own the run would fail otherwise."""
    with serve() as index, serve() as other:
        three(index, tmp_path / "wheels")
        code, _, _ = report(tmp_path, "lib", "-i", index.url)
        assert other.seen == []
        pages = {row.split(" ", 1)[1] for row in index.seen}
    assert code == 0
    assert {path.split("/")[1] for path in pages} == {"simple", "files"}
    assert not any("spy" in path for path in pages)


def test_no_deps_judges_what_is_named(tmp_path: Path) -> None:
    with serve() as index:
        three(index, tmp_path / "wheels")
        code, document, _ = report(tmp_path, "app", "-i", index.url, "--no-deps")
    assert (code, names(document)) == (0, ["app==2.0"])


def test_an_empty_file_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("# nothing\n")
    code, document, err = report(tmp_path, "-r", tmp_path / "none.txt")
    assert (code, document["outcome"], document["packages"]) == (0, "pass", [])
    assert "nothing is asked for" in err


def test_no_arguments_is_a_mistake(tmp_path: Path) -> None:
    done = audit(tmp_path)
    assert done.code == 2
    assert "requirements.txt" in done.err


@pytest.mark.parametrize("name", ["requirements.txt", "pylock.toml", "uv.lock"])
def test_a_list_of_packages_without_its_option_is_told_from_an_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    done = audit(tmp_path, tmp_path / name)
    assert done.code == 2
    assert f"-r {name}" in done.err


def test_one_python_at_a_time(tmp_path: Path) -> None:
    with serve() as index:
        three(index, tmp_path / "wheels")
        versions = ("--python-version", "3.9", "--python-version", "3.12")
        done = audit(tmp_path, "lib", "-i", index.url, *versions)
        assert (done.code, index.seen) == (2, [])
        assert "3.9, 3.12" in done.err
        code, document, _ = report(tmp_path, "lib", "-i", index.url, "--python-version", "3.9")
    assert (code, document["pythons"]) == (0, ["3.9"])
