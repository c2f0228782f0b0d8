"""A finder or an entry of sys.modules is a package's own only for names that the package ships."""

from __future__ import annotations

import pytest

from tests.reach.written import distribution, member
from tests.rules.made import package, reached
from wheelwatch.model import Kind, Trigger
from wheelwatch.rules import judge
from wheelwatch.rules.ownership import modules, owns_all

PLACES = ("p/__init__.py", "p/inner.py", "ns/own/__init__.py", "fast.cpython-311-x86_64-linux-gnu.so")
MEMBERS = tuple(member(place) for place in PLACES)


def severity(kind: Kind, detail: str, *, is_own: bool) -> str:
    site = reached(Trigger.IMPORT, kind=kind, api="sys.x", own_names=is_own, detail=detail)
    (finding,) = judge(package(site, members=MEMBERS))
    return finding.severity.label


def test_modules_are_those_that_are_placed() -> None:
    assert modules(distribution("p", members=MEMBERS)) == {"p", "p.inner", "ns.own", "fast"}


@pytest.mark.parametrize("names", ["", "p", "p.moves", "p.moves,fast", "ns.own.deep", "p."])
def test_own_names(names: str) -> None:
    assert severity(Kind.IMPORT, names, is_own=True) == "info"


@pytest.mark.parametrize("names", ["requests", "p,requests", "ns", "ns.other", "pp", "fast2"])
def test_names_of_others(names: str) -> None:
    assert severity(Kind.IMPORT, names, is_own=True) == "medium"
    assert severity(Kind.MODULES, names, is_own=False) == "low"


def test_a_list_that_may_go_on_is_nobodys() -> None:
    assert not owns_all(frozenset({"p"}), ",".join(["p"] * 50))


@pytest.mark.parametrize(("names", "expected"), [("p.moves", "info"), ("", "low"), ("json", "low")])
def test_entries_of_sys_modules_by_their_names(names: str, expected: str) -> None:
    assert severity(Kind.MODULES, names, is_own=False) == expected


def codec(names: str, path: str, *, is_own: bool = True) -> str:
    site = reached(kind=Kind.CODEC, api="codecs.register", path=path, own_names=is_own, detail=names)
    (finding,) = judge(package(site, members=MEMBERS))
    return finding.severity.label


@pytest.mark.parametrize(
    ("names", "path"),
    [("idna2008", "idna/codec.py"), ("idna2008", "p/_vendor/idna/codec.py"), ("fast,fast_2", "fast.py")],
)
def test_a_codec_that_is_named_after_its_package_is_its_own(names: str, path: str) -> None:
    assert codec(names, path) == "info"
    assert codec(names, path, is_own=False) == "medium"


@pytest.mark.parametrize(
    ("names", "path"),
    [
        ("latin", "idna/codec.py"),
        ("idna2008,latin", "idna/codec.py"),
        ("", "idna/codec.py"),
        ("strict", "strict/codec.py"),
        ("u", "u/codec.py"),
    ],
)
def test_any_other_codec_is_not(names: str, path: str) -> None:
    assert codec(names, path) == "medium"


def patch(api: str, *places: str) -> str:
    members = tuple(member(place) for place in places)
    (finding,) = judge(package(reached(kind=Kind.PATCH, api=api), members=members))
    return finding.severity.label


def test_a_package_may_replace_what_is_its_own() -> None:
    assert patch("urllib3.connection.HTTPConnection", "urllib3/__init__.py") == "info"
    assert patch("urllib3.connection.HTTPConnection", "urllib3/connection.py") == "info"


@pytest.mark.parametrize(
    ("api", "place"),
    [
        ("urllib3.connection.HTTPConnection", "p/__init__.py"),
        ("urllib3.connection.HTTPConnection", "urllib3/evil.py"),
        ("ssl.SSLContext.wrap_socket", "ssl.py"),
        ("http.client.HTTPConnection", "http/__init__.py"),
        ("getpass.getpass", "getpass.py"),
        ("gevent.monkey.patch_all", "gevent/__init__.py"),
        ("*.__code__", "p/__init__.py"),
    ],
)
def test_what_is_not_its_own_stays_a_patch(api: str, place: str) -> None:
    assert patch(api, place) == "medium"
