"""Indexes that lie, and what a user would never notice: told, and no lock is written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.audit.place import audit, names, package, report
from tests.support import index as served
from tests.support.index import JSON, Handler, Index, serve

pytestmark = pytest.mark.network


def listed(index: Index, path: Path, metadata: bytes) -> None:
    """The index says of a file what its metadata is (PEP 658, 714), whatever the file says."""
    name = path.name.split("-")[0]
    row = {
        "filename": path.name,
        "url": f"{index.base}/files/{name}/{path.name}",
        "hashes": {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
        "core-metadata": {"sha256": hashlib.sha256(metadata).hexdigest()},
    }
    index.fail(r"\.metadata$", lambda handler: handler.send(200, metadata))
    index.fail(f"/simple/{name}/", served.page(json.dumps({"name": name, "files": [row]}), JSON))


def test_metadata_that_is_not_that_of_the_file(tmp_path: Path) -> None:
    """pip and uv resolve by what the index says, and what the file requires is missed."""
    lock = tmp_path / "pylock.toml"
    with serve() as index:
        package(index, tmp_path / "wheels", "lib", "1.0")
        package(index, tmp_path / "wheels", "lib", "2.0")
        package(index, tmp_path / "wheels", "spy")
        path = package(index, tmp_path / "wheels", "app", "1.0", "spy", "lib<2", "none; python_version<'3'")
        listed(index, path, b"Metadata-Version: 2.1\nName: app\nVersion: 1.0\nRequires-Dist: lib\n")
        code, document, _ = report(tmp_path, "app", "-i", index.url, "--write-lock", lock)
        assert (code, names(document)) == (2, ["app==1.0", "lib==2.0"])
        assert [(row["where"], row["what"].partition(":")[0]) for row in document["errors"]] == [
            ("app -> spy", "spy is required, and was not resolved"),
            ("app -> lib", "lib<2 is required, and 2.0 was resolved"),
        ]
        assert not lock.exists()
        code, _, _ = report(tmp_path, "app", "-i", index.url, "--no-deps")
        assert code == 0
        listed(index, path, b"Metadata-Version: 2.1\nName: other\nVersion: 3.0\n")
        code, document, _ = report(tmp_path, "app", "-i", index.url, "--no-cache")
    assert (code, document["packages"]) == (2, [])
    assert "does not match" in document["errors"][0]["what"]


@pytest.mark.parametrize("has_json", [True, False])
def test_a_file_without_a_hash_is_taken_and_told(tmp_path: Path, has_json: bool) -> None:
    with serve(has_json=has_json) as index:
        path = package(index, tmp_path / "wheels", "app", has_hash=False)
        package(index, tmp_path / "wheels", "lib")
        code, document, _ = report(tmp_path, "app", "lib", "-i", index.url)
        rules = [[row["rule"] for row in one["findings"]] for one in document["packages"]]
        assert (code, rules) == (0, [["index-no-hash"], []])
        assert document["packages"][0]["findings"][0]["severity"] == "info"
        address = f"{index.base}/files/app/{path.name}"
        _, direct, _ = report(tmp_path, f"app @ {address}")
        assert [row["rule"] for row in direct["packages"][0]["findings"]] == ["index-no-hash"]
        digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
        _, weak, _ = report(tmp_path, f"app @ {address}#md5={digest}")
        assert [row["rule"] for row in weak["packages"][0]["findings"]] == ["index-no-hash"]
        code, wrong, _ = report(tmp_path, f"app @ {address}#md5={'0' * 32}")
        assert (code, wrong["packages"]) == (2, [])
        strong = hashlib.sha512(path.read_bytes()).hexdigest()
        _, proven, _ = report(tmp_path, f"app @ {address}#sha512={strong}")
        assert proven["packages"][0]["findings"] == []
        code, document, _ = report(tmp_path, path)
        assert (code, document["packages"][0]["findings"]) == (0, [])


def test_where_no_marker_holds_nothing_is_to_be_done(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("app ; python_version < '3'\n./none.whl ; python_version < '3'\n")
    code, document, err = report(tmp_path, "-r", tmp_path / "old.txt")
    assert (code, document["outcome"], document["errors"]) == (0, "pass", [])
    assert "no requirement holds on Python 3." in err


@pytest.mark.parametrize("target", ["http://127.0.0.1:99999/x", "ftp://x.example/x", "http://[bad/"])
def test_a_page_that_sends_to_nowhere_costs_the_page(tmp_path: Path, target: str) -> None:
    def away(handler: Handler) -> None:
        if handler.headers.get("user-agent", "").startswith("uv/"):
            handler._page("app")
        else:
            handler.send(302, b"", {"Location": target})

    with serve() as index:
        package(index, tmp_path / "wheels", "app")
        index.fail("/simple/app/", away)
        code, document, _ = report(tmp_path, "app", "-i", index.url)
    assert (code, names(document), len(document["errors"])) == (2, ["app==1.0"], 1)


def test_a_wheel_with_a_marker_that_breaks_readers(tmp_path: Path) -> None:
    deep = f"lib ; {'(' * 3000}python_version > '3'{')' * 3000}"
    with serve() as index:
        path = package(index, tmp_path / "wheels", "app", "1.0", deep)
        code, document, _ = report(tmp_path, path, "--no-index")
    assert (code, names(document)) == (0, ["app==1.0"])


def test_credentials_of_a_page_of_links(tmp_path: Path) -> None:
    """Also for its files, and for each project on a host its own."""
    secret = "s3cr@t/,"
    with serve(auth=("me", secret)) as index:
        package(index, tmp_path / "wheels", "app")
        index.has_json = False
        page = f"{index.base}/simple/app/".replace("://", "://me:s3cr%40t%2F%2C@")
        done = audit(tmp_path, "app", "--no-index", "-f", page, "--format", "json", "-v")
    assert (done.code, names(done.report)) == (0, ["app==1.0"])
    assert "s3cr" not in done.out + done.err
