"""Bad input: whatever an index, a file or the network does is told in one line, and the rest is judged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit.place import audit, names, package, report
from tests.support import index as served
from tests.support.factories import sdist, wheel
from tests.support.index import Handler, serve

pytestmark = pytest.mark.network

SECRET = "s3cret-word"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (["nothere"], "no index has this name"),
        (["app==9"], "no version fits"),
        (["app", "old"], "the requirements contradict each other"),
        (["app=1"], "'==' is"),
        (["git+https://x.example/app.git"], "repository would have to be built"),
        (["./gone-1.0-py3-none-any.whl"], "gone-1.0-py3-none-any.whl"),
        (["app.tar.bz2"], "no archive that can be audited"),
    ],
)
def test_what_cannot_be_resolved_is_told(tmp_path: Path, wanted: list[str], words: str) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0", "lib>=2")
        package(index, tmp_path / "wheels", "old", "1.0", "lib<2")
        package(index, tmp_path / "wheels", "lib", "1.0")
        package(index, tmp_path / "wheels", "lib", "2.0")
        code, document, err = report(tmp_path, *wanted, "-i", index.url)
    assert (code, document["outcome"], document["complete"]) == (2, "incomplete", False)
    assert words in " ".join(row["what"] + row["where"] for row in document["errors"])
    assert err.count("error: ") == len(document["errors"])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (served.status(401), "credentials (401)"),
        (served.status(403), "(403)"),
        (served.status(404), "no index has this name"),
        (served.status(500), "500 Internal Server Error"),
        (served.page("<html><h1>Log in</h1></html>"), "no version can be had"),
        (served.page("<html>", served.JSON), "is no JSON"),
        (served.page('{"files": 7}', served.JSON), "app"),
        (served.redirect(lambda path: path), "app"),
    ],
    ids=["401", "403", "404", "500", "login", "html-as-json", "other-json", "circle"],
)
def test_an_index_that_does_not_do_its_work(
    tmp_path: Path, fault: Callable[[Handler], None], words: str
) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app")
        index.fail("/simple/app/", fault)
        code, document, _ = report(tmp_path, "app", "-i", index.url)
    assert (code, document["packages"]) == (2, [])
    assert words in " ".join(row["what"] for row in document["errors"])


def test_no_network(tmp_path: Path) -> None:
    code, document, _ = report(tmp_path, "app", "-i", "http://127.0.0.1:9/simple")
    assert code == 2
    assert "does not answer" in document["errors"][0]["what"]


def test_a_wrong_hash_is_never_opened(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "good")
        package(index, tmp_path / "wheels", "bad", sha256="0" * 64)
        code, document, _ = report(tmp_path, "good", "bad", "-i", index.url)
    assert (code, names(document)) == (2, ["good==1.0"])
    (error,) = document["errors"]
    assert "wrong hash" in error["what"]
    assert "bad-1.0-py3-none-any.whl" in error["where"]


def test_a_hash_of_the_requirement_decides(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app")
        wanted = tmp_path / "requirements.txt"
        wanted.write_text(f"app==1.0 --hash=sha256:{'1' * 64}\n")
        code, document, _ = report(tmp_path, "-r", wanted, "-i", index.url)
    assert (code, document["packages"]) == (2, [])
    assert "wrong hash" in document["errors"][0]["what"]


def test_one_hash_asks_for_all_of_them_as_pip_does(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0", "lib")
        package(index, tmp_path / "wheels", "lib")
        wanted = tmp_path / "requirements.txt"
        wanted.write_text(f"app==1.0 --hash=sha256:{index.files['app'][0].sha256}\n")
        code, document, _ = report(tmp_path, "-r", wanted, "-i", index.url)
        assert (code, [row["where"] for row in document["errors"]]) == (2, ["lib"])
        code, document, _ = report(tmp_path, "-r", wanted, "-i", index.url, "--installer", "uv")
        assert (code, document["errors"]) == (0, [])


def test_bodies_without_an_end(tmp_path: Path) -> None:
    with serve() as index:
        path = package(index, tmp_path / "wheels", "app", uploaded=None)
        package(index, tmp_path / "wheels", "good")
        # uv reads the metadata by ranges, so only whole downloads are without an end.
        endless = served.endless("application/octet-stream")
        data = path.read_bytes()
        index.fail(
            "/files/app/",
            lambda handler: (
                handler.send_range(data)
                if "range" in handler.headers or handler.command == "HEAD"
                else endless(handler)
            ),
        )
        code, document, _ = report(tmp_path, "app", "good", "-i", index.url)
    assert (code, names(document)) == (2, ["good==1.0"])
    assert "more than" in document["errors"][0]["what"]


def test_a_connection_that_breaks_is_taken_up_again(tmp_path: Path) -> None:
    with serve() as index:
        path = package(index, tmp_path / "wheels", "app", files={"app/data.bin": os.urandom(30_000)})
        broken, plain = served.broken(2), path.read_bytes()
        index.fail(
            "/files/app/",
            lambda handler: (
                handler.send_range(plain)
                if handler.headers.get("user-agent", "").startswith("uv/")
                else broken(handler)
            ),
        )
        code, document, _ = report(tmp_path, "app", "-i", index.url)
        mine = index.downloads()
    assert (code, names(document)) == (0, ["app==1.0"])
    assert document["packages"][0]["sha256"] == hashlib.sha256(plain).hexdigest()
    assert len(mine) >= 3


def test_a_server_that_fails_for_a_moment(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app")
        index.fail("/files/app/", served.failing(2))
        code, document, _ = report(tmp_path, "app", "-i", index.url)
    assert (code, names(document)) == (0, ["app==1.0"])


def test_an_index_that_fails_half_way_leaves_what_was_finished(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0", "lib", "dep")
        package(index, tmp_path / "wheels", "lib")
        path = package(index, tmp_path / "wheels", "dep")
        data = path.read_bytes()
        index.fail(
            "/files/dep/",
            lambda handler: (
                handler.send_range(data)
                if handler.headers.get("user-agent", "").startswith("uv/")
                else handler.send(500, b"gone")
            ),
        )
        code, document, _ = report(tmp_path, "app", "-i", index.url)
    assert (code, names(document)) == (2, ["app==1.0", "lib==1.0"])
    assert "(500)" in document["errors"][0]["what"]


def test_a_redirect_to_another_host_gets_no_credentials(tmp_path: Path) -> None:
    with serve(auth=("me", SECRET)) as index, serve() as other:
        path = package(index, tmp_path / "wheels", "app")
        other.add(path, "app")
        index.fail("/files/app/", served.redirect(lambda path: f"{other.base}{path}"))
        code, document, err = report(tmp_path, "app", "-i", index.with_user("me", SECRET))
        assert (code, names(document)) == (0, ["app==1.0"])
        assert [value for _, value in other.authorized if value] == []
    assert f"redirects to {other.host}" in err


def test_a_redirect_to_what_is_no_address_is_refused(tmp_path: Path) -> None:
    with serve() as index:
        path = package(index, tmp_path / "wheels", "app")
        data = path.read_bytes()
        index.fail(
            "/files/app/",
            lambda handler: (
                handler.send_range(data)
                if handler.headers.get("user-agent", "").startswith("uv/")
                else handler.send(302, b"", {"Location": f"file://{path}"})
            ),
        )
        code, document, _ = report(tmp_path, "app", "-i", index.url)
    assert code == 2
    assert "not safe to follow" in document["errors"][0]["what"]


def test_credentials_are_used_and_never_shown(tmp_path: Path) -> None:
    with serve(auth=("me", SECRET)) as index:
        package(index, tmp_path / "wheels", "app")
        wanted = tmp_path / "requirements.txt"
        wanted.write_text(f"--index-url {index.with_user('me', SECRET)}\napp\nnothere\n")
        failed = audit(tmp_path, "-r", wanted, "--format", "json", "-v")
        wanted.write_text("--index-url http://me:${WORD}@" + f"{index.host}/simple\napp\n")
        lock = tmp_path / "pylock.toml"
        done = audit(tmp_path, "-r", wanted, "--format", "json", "--write-lock", lock, env={"WORD": SECRET})
        direct = audit(tmp_path, f"http://me:{SECRET}@{index.host}/files/app/nope-1.0-py3-none-any.whl")
    assert (failed.code, done.code, direct.code) == (2, 0, 2)
    for text in (failed.out, failed.err, done.out, done.err, lock.read_text(), direct.out, direct.err):
        assert SECRET not in text
    assert names(done.report) == ["app==1.0"]


def test_credentials_from_netrc(tmp_path: Path) -> None:
    with serve(auth=("me", SECRET)) as index:
        package(index, tmp_path / "wheels", "app")
        (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
        code, document, err = report(
            tmp_path, "app", "-i", index.url, env={"NETRC": str(tmp_path / "netrc")}
        )
    assert (code, names(document)) == (0, ["app==1.0"])
    assert SECRET not in err


def test_a_yanked_release_is_told(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0")
        package(index, tmp_path / "wheels", "app", "2.0", yanked="it was not us")
        _, free, _ = report(tmp_path, "app", "-i", index.url)
        code, pinned, _ = report(tmp_path, "app==2.0", "-i", index.url)
    assert (names(free), names(pinned), code) == (["app==1.0"], ["app==2.0"], 0)
    (finding,) = [row for row in pinned["packages"][0]["findings"] if row["rule"] == "index-yanked"]
    assert (finding["severity"], "it was not us" in finding["message"]) == ("low", True)


def test_a_wheel_whose_name_disagrees_with_its_content(tmp_path: Path) -> None:
    with serve() as index:
        path = wheel(tmp_path / "wheels", {"x.py": ""}, name="other", filename="app-1.0-py3-none-any.whl")
        code, document, _ = report(tmp_path, path)
        assert code in (0, 1)
        rules = [row["rule"] for row in document["packages"][0]["findings"]]
        assert "archive-identity" in rules
        index.add(path, "app")
        code, document, _ = report(tmp_path, "app", "-i", index.url)
    assert code == 2
    assert "app" in document["errors"][0]["what"]


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "app-1.0-py3-none-any.whl").write_bytes(b"this is no zip")
    code, document, _ = report(tmp_path, tmp_path / "app-1.0-py3-none-any.whl")
    assert code == 2
    assert "zip" in document["errors"][0]["what"]


def test_direct_wheels_bring_what_they_require(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "lib")
        path = wheel(tmp_path, {"app.py": ""}, name="app", metadata="Requires-Dist: lib; extra == 'web'\n")
        code, document, _ = report(tmp_path, f"{path}[web]", "-i", index.url)
        assert (code, names(document)) == (0, ["app==1.0", "lib==1.0"])
        assert document["packages"][1]["origin"]["path"] == ["app", "lib"]
        index.add(path, "app")
        address = f"app @ {index.base}/files/app/{path.name}#sha256={'2' * 64}"
        code, document, _ = report(tmp_path, address, "-i", index.url)
    assert (code, document["packages"]) == (2, [])
    assert "wrong hash" in document["errors"][0]["what"]


def test_a_project_folder_is_judged_without_a_build(tmp_path: Path) -> None:
    from tests.support.factories import tree

    with serve() as index:
        package(index, tmp_path / "wheels", "lib")
        text = '[project]\nname = "target"\nversion = "1"\ndependencies = ["lib"]\n'
        tree(
            tmp_path / "target",
            {"pyproject.toml": text, "target/__init__.py": "import sys\nsys.settrace(print)\n"},
        )
        code, document, _ = report(tmp_path, "-r", "-", "-i", index.url)
        assert (code, document["packages"]) == (0, [])
        code, document, _ = report(tmp_path, ".[none]", "-i", index.url, cwd=tmp_path / "target")
    assert [row["name"] for row in document["packages"]] == ["lib", "target"]
    assert code == 0
    assert [row["rule"] for row in document["packages"][1]["findings"]] == ["hook-trace"]


def test_no_uv(tmp_path: Path) -> None:
    """A module of the name that finds no program, as where the package was half removed."""
    fake = tmp_path / "fake"
    fake.mkdir()
    (fake / "sitecustomize.py").write_text("import sys\nsys.modules['uv'] = None\n")
    done = audit(
        tmp_path,
        "app",
        env={"PYTHONPATH": str(fake), "GUARD_JOURNAL": os.devnull, "GUARD_TARGET": "/nowhere"},
    )
    assert done.code == 2
    assert "pip install uv" in done.err


def test_sources_without_wheels(tmp_path: Path) -> None:
    with serve() as index:
        files = {"setup.py": "raise SystemExit('built')\n", "src_only/__init__.py": ""}
        index.add(sdist(tmp_path / "files", files, name="src-only", version="2.0"), "src-only")
        code, document, _ = report(tmp_path, "src-only", "-i", index.url)
        assert (code, document["packages"]) == (2, [])
        assert "--sdist" in document["errors"][0]["hint"]
        for arguments in (["src-only==2.0"], ["src-only", "--sdist"]):
            code, document, err = report(tmp_path, *arguments, "-i", index.url)
            assert (code, names(document), document["packages"][0]["kind"]) == (
                0,
                ["src-only==2.0"],
                "sdist",
            )
            assert "only a build would tell" in err


def test_a_newer_source_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0")
        files = {"setup.py": "", "app/__init__.py": "import sys\nsys.settrace(print)\n"}
        metadata = "Requires-Dist: lib\n"
        made = sdist(tmp_path / "files", files, name="app", version="1.1", metadata=metadata)
        index.add(made, "app")
        package(index, tmp_path / "wheels", "lib")
        code, document, _ = report(tmp_path, "app", "-i", index.url)
        assert (code, names(document)) == (2, ["app==1.0"])
        assert "1.1 exists only as source" in document["errors"][0]["what"]
        code, document, _ = report(tmp_path, "app==1.0", "-i", index.url)
        assert (code, document["errors"]) == (0, [])
        code, document, _ = report(tmp_path, "app", "--sdist", "-i", index.url)
    assert names(document)[0] == "app==1.1"
    assert document["packages"][0]["kind"] == "sdist"


def test_the_same_name_on_two_indexes(tmp_path: Path) -> None:
    with serve() as mine, serve() as public:
        package(mine, tmp_path / "mine", "app", "1.0")
        package(public, tmp_path / "public", "app", "99.0")
        given = ("-i", public.url, "--extra-index-url", mine.url)
        _, pip, _ = report(tmp_path, "app", *given, "--installer", "pip")
        _, uv, _ = report(tmp_path, "app", *given, "--installer", "uv")
        assert (names(pip), names(uv)) == (["app==99.0"], ["app==1.0"])
        for document in (pip, uv):
            (finding,) = [
                row for row in document["packages"][0]["findings"] if row["rule"] == "index-same-name"
            ]
            assert finding["severity"] == "medium"
            for words in (f"from {mine.url}", f"from {public.url}", "pip takes 99.0", "uv takes 1.0"):
                assert words in finding["message"]
        public.files.clear()
        public.add(tmp_path / "mine" / "app-1.0-py3-none-any.whl", "app")
        _, same, _ = report(tmp_path, "app", *given, "--no-cache")
    assert [row["rule"] for row in same["packages"][0]["findings"]] == []


def test_an_index_that_refuses_names_that_it_lacks_is_passed_over(tmp_path: Path) -> None:
    with serve() as index, serve() as other:
        package(index, tmp_path / "wheels", "app")
        other.fail("/simple/", served.status(403))
        given = ("-i", index.url, "--extra-index-url", other.url)
        code, document, err = report(tmp_path, "app", *given)
    assert (code, names(document), document["errors"]) == (0, ["app==1.0"], [])
    assert f"{other.url}: app: refuses this (403)" in err


def test_find_links_without_an_index(tmp_path: Path) -> None:
    wheel(tmp_path / "links", {"app.py": ""}, name="app")
    code, document, _ = report(tmp_path, "app", "--no-index", "-f", tmp_path / "links")
    assert (code, names(document)) == (0, ["app==1.0"])
    assert document["packages"][0]["origin"]["cached"] is True
