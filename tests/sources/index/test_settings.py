"""Whose rules: the files and variables of pip and uv, read as data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.factories import tree
from wheelwatch.errors import UsageError
from wheelwatch.sources.index.settings import UNSET, Installer, Settings, settings
from wheelwatch.sources.plan import Asked, Option


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of our own: nothing of this machine's configuration counts."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "venv"))
    return tmp_path


def option(name: str, value: str = "", file: str = "requirements.txt") -> Option:
    return Option(name, value, Asked(f"--{name}", file))


def urls(found: Settings) -> list[str]:
    return [index.url for index in found.indexes]


def pip(*options: Option) -> Settings:
    return settings(Installer.PIP, options, None)


def uv(*options: Option, project: dict[str, Any] | None = None) -> Settings:
    return settings(Installer.UV, options, project)


def test_pip_reads_its_files_in_their_order(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(
        home / "etc" / "pip",
        {"pip.conf": "[global]\nindex-url = https://global.example\nclient-cert = /global.pem\n"},
    )
    tree(
        home / "config" / "pip",
        {"pip.conf": "[global]\nextra_index_url =\n  https://a.example\n  https://b.example\n"},
    )
    tree(
        home / "venv",
        {"pip.conf": "[install]\nindex-url = https://venv.example/simple/\n[global]\nindex-url = no\n"},
    )
    found = pip()
    assert urls(found) == ["https://venv.example/simple", "https://a.example", "https://b.example"]
    assert (found.client_cert, found.strategy) == ("/global.pem", "unsafe-best-match")
    monkeypatch.setenv("PIP_INDEX_URL", "https://u:p%40w@env.example")
    monkeypatch.setenv("PIP_NO_BINARY", "a,b")
    found = pip()
    assert (found.indexes[0].url, found.indexes[0].user, found.indexes[0].password) == (
        "https://env.example",
        "u",
        "p@w",
    )
    assert found.no_binary == ("a", "b")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert urls(pip()) == ["https://env.example"]


def test_options_of_files_count_as_pip_counts_them(home: Path) -> None:
    found = pip(
        option("extra-index-url", "https://one.example"),
        option("index-url", "https://two.example"),
        option("extra-index-url", "https://three.example"),
        option("find-links", str(home / "links")),
        option("only-binary", ":all:"),
        option("only-binary", ":none:"),
        option("only-binary", "x"),
        option("pre"),
    )
    assert urls(found) == ["https://two.example", "https://three.example"]
    assert found.find_links[0].url == (home / "links").as_uri()
    assert (found.only_binary, found.pre) == (("x",), True)
    assert urls(pip(option("no-index"), option("index-url", "https://x.example"))) == []


def test_uv_takes_the_first_index_and_its_own_words(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(
        home / "config" / "uv",
        {"uv.toml": 'extra-index-url = ["https://user.example"]\nindex-strategy = "unsafe-first-match"\n'},
    )
    project = {
        "index": [
            {"name": "mine", "url": "https://mine.example"},
            {"name": "main", "url": "https://main.example", "default": True},
            {"name": "torch", "url": "https://torch.example", "explicit": True},
        ]
    }
    found = uv(project=project)
    assert urls(found) == ["https://mine.example", "https://user.example", "https://main.example"]
    assert [index.is_default for index in found.indexes] == [False, False, True]
    assert found.strategy == "unsafe-first-match"
    monkeypatch.setenv("UV_INDEX_MINE_USERNAME", "me")
    monkeypatch.setenv("UV_INDEX_MINE_PASSWORD", "pw")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://env.example")
    found = uv(project=project)
    assert (found.indexes[0].user, found.indexes[0].password) == ("me", "pw")
    assert found.indexes[-1].url == "https://env.example"
    assert uv().strategy == "unsafe-first-match"


def test_broken_files_count_for_nothing(home: Path) -> None:
    tree(home / "config" / "pip", {"pip.conf": b"\xff\xfe[["})
    tree(home / "config" / "uv", {"uv.toml": "= = ="})
    assert urls(pip()) == urls(uv()) == [UNSET]
    assert uv().strategy == "first-index"


def test_nothing_shows_a_password(home: Path) -> None:
    found = pip(option("index-url", "https://u:s3cret@x.example/simple?token=s3cret"))
    assert "s3cret" not in found.indexes[0].shown


def test_who_has_the_last_word(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip: a file over the command line; uv: the command line over a file, its extra indexes first."""
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://env.example")
    monkeypatch.setenv("UV_INDEX", "https://env.example")
    given = option("index-url", "https://given.example", file="")
    extra = option("extra-index-url", "https://extra.example", file="")
    written = option("index-url", "https://written.example")
    more = option("extra-index-url", "https://more.example")
    assert urls(pip(given, extra)) == [
        "https://given.example",
        "https://env.example",
        "https://extra.example",
    ]
    assert urls(pip(written, more, given, extra)) == ["https://written.example", "https://more.example"]
    assert urls(uv(written, more, given, extra)) == [
        "https://extra.example",
        "https://env.example",
        "https://more.example",
        "https://given.example",
    ]


@pytest.mark.parametrize(
    "address", ["http://me:s3/cret@x.example", "http://x.example:99999", "http://[x/simple"]
)
def test_what_is_no_address_of_an_index(home: Path, address: str) -> None:
    with pytest.raises(UsageError, match="is no address of an index") as caught:
        pip(option("index-url", address))
    assert "s3" not in str(caught.value)
