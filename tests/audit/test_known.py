"""What is known of a wheel is not fetched again, even where its file is gone."""

from __future__ import annotations

import shutil
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

import pytest

from tests.audit.place import names, package, report
from tests.audit.test_found import three
from tests.support.index import serve

pytestmark = pytest.mark.network


def forget_files(place: Path) -> None:
    """The files go, as when their folder has grown too large; what was learnt of them stays."""
    (files,) = (place / "home" / "cache").rglob("files")
    shutil.rmtree(files)


def without_cached(document: dict[str, Any]) -> list[Any]:
    return [{**row, "origin": {**row["origin"], "cached": None}} for row in document["packages"]]


def test_a_known_set_needs_no_bytes(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "2.0", "lib")
        package(
            index,
            tmp_path / "wheels",
            "lib",
            files={"lib/__init__.py": "import sys\nsys.settrace(print)\n"},
        )
        _, first, _ = report(tmp_path, "app", "-i", index.url)
        fetched = len(index.downloads())
        forget_files(tmp_path)
        code, second, err = report(tmp_path, "app", "-i", index.url)
        assert len(index.downloads()) == fetched
        assert "(2 files, 0 of them downloaded)" in err
    assert (code, names(second)) == (0, ["app==2.0", "lib==1.0"])
    assert [row["origin"]["cached"] for row in second["packages"]] == [True, True]
    assert without_cached(first) == without_cached(second)
    assert second["errors"] == []


def test_what_linking_asks_for_is_fetched(tmp_path: Path) -> None:
    """A startup line is read where it stands, so its wheel comes; the others do not."""
    with serve() as index:
        three(index, tmp_path / "wheels")
        code, first, _ = report(tmp_path, "app", "-i", index.url)
        fetched = len(index.downloads())
        forget_files(tmp_path)
        again, second, _ = report(tmp_path, "app", "-i", index.url)
        fresh = index.downloads()[fetched:]
    assert (code, again) == (1, 1)
    assert {path.rpartition("/")[2] for path in fresh} == {"spy-0.3-py3-none-any.whl"}
    assert without_cached(first) == without_cached(second)


def test_bytecode_of_a_known_wheel_is_looked_at_again(tmp_path: Path) -> None:
    """Bytecode that is checked against no source (PEP 552) is told by its first bytes: its wheel comes."""
    unchecked = MAGIC_NUMBER + b"\1\0\0\0" + bytes(8) + b"\xe3"
    files = {
        "app/__init__.py": "x = 1\n",
        f"app/__pycache__/__init__.{sys.implementation.cache_tag}.pyc": unchecked,
    }
    with serve() as index:
        package(index, tmp_path / "wheels", "app", files=files)
        code, first, _ = report(tmp_path, "app", "-i", index.url)
        forget_files(tmp_path)
        again, second, _ = report(tmp_path, "app", "-i", index.url)
    assert [finding["rule"] for finding in first["packages"][0]["findings"]] == ["archive-bytecode"]
    assert (code, again) == (1, 1)
    assert without_cached(first) == without_cached(second)


def test_what_cannot_be_fetched_when_it_is_needed(tmp_path: Path) -> None:
    with serve() as index:
        three(index, tmp_path / "wheels")
        report(tmp_path, "app", "-i", index.url)
        forget_files(tmp_path)
        code, document, _ = report(tmp_path, "app", "-i", index.url, "--offline")
    # An unreadable startup file is a finding of its own, and the run is incomplete besides.
    assert (code, document["complete"]) == (1, False)
    assert names(document) == ["app==2.0", "lib==1.5", "spy==0.3"]
    assert [row["where"].rpartition("/")[2] for row in document["errors"]] == ["spy-0.3-py3-none-any.whl"]
    assert "--offline" in document["errors"][0]["what"]


def test_a_changed_file_under_a_known_name_is_another(tmp_path: Path) -> None:
    """Only the hash counts: an index that swaps the file and its hash gets it fetched and judged."""
    with serve() as index:
        package(index, tmp_path / "wheels", "app")
        assert report(tmp_path, "app", "-i", index.url)[0] == 0
        forget_files(tmp_path)
        index.files.clear()
        package(index, tmp_path / "more", "app", files={"zz.pth": "import sys; sys.settrace(print)\n"})
        code, document, _ = report(tmp_path, "app", "-i", index.url)
    assert (code, document["packages"][0]["origin"]["cached"]) == (1, False)
