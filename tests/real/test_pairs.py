"""Ten pairs of real releases; what each adds was read by hand in both versions, and is what diff says."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from tests.real.story import releases
from tests.support.program import wheelwatch

pytestmark = pytest.mark.network


class Pair(NamedTuple):
    """Two releases, what the second begins, and what a reader finds in it."""

    old: str
    new: str
    begins: bool
    startup: tuple[tuple[str, str], ...]
    """Startup lines: how each differs, and its file."""
    appeared: tuple[str, ...]
    """Files of new findings that are more than information."""
    native: tuple[str, ...] = ()
    """Beginnings of compiled modules that are gone."""


PAIRS = (
    # Ships a1_coverage.pth, which calls process_startup() where a variable is set.
    Pair(
        "coverage==7.12.0",
        "coverage==7.13.0",
        True,
        (("appeared", "a1_coverage.pth"),),
        # Names that are computed count where a start leads to them.
        ("coverage/debug.py", "coverage/misc.py"),
    ),
    # The generated line lost its leading blank lines.
    Pair("coverage==7.13.0", "coverage==7.13.1", False, (("changed", "a1_coverage.pth"),), ()),
    # 7.0 leaves the start of subprocesses to coverage and dropped its own line.
    Pair("pytest-cov==6.3.0", "pytest-cov==7.0.0", False, (("vanished", "pytest-cov.pth"),), ()),
    # packages.py gained a second loop, which puts chardet into sys.modules.
    Pair("requests==2.31.0", "requests==2.32.5", False, (), ("requests/packages.py",)),
    Pair("click==8.1.8", "click==8.3.0", False, (), ()),
    Pair("six==1.16.0", "six==1.17.0", False, (), ()),
    # 6.0 is a native namespace package, without the -nspkg.pth of setuptools.
    Pair(
        "zope.event==5.0", "zope.event==6.0", False, (("vanished", "zope.event-5.0-py3.11-nspkg.pth"),), ()
    ),
    # The line is the same; _distutils_hack, which it imports, is not.
    Pair("setuptools==75.0.0", "setuptools==80.9.0", False, (("changed", "distutils-precedence.pth"),), ()),
    Pair("sentry-sdk==2.20.0", "sentry-sdk==2.40.0", False, (), ()),
    # hunter.pth is the same, hunter/__init__.py is not; one vendored extension is gone.
    Pair(
        "hunter==3.7.0",
        "hunter==3.9.0",
        False,
        (("changed", "hunter.pth"),),
        (),
        ("hunter/vendor/_cymem/cymem.",),
    ),
)


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair.old}-{pair.new}" for pair in PAIRS])
def test_what_a_release_adds(pair: Pair) -> None:
    old, new = releases(pair.old, pair.new)
    done = wheelwatch("diff", old, new, "--format", "json")
    assert done.code == 0, done.err
    document: dict[str, Any] = json.loads(done.out)
    (package,) = document["packages"]
    assert package["begins"] is pair.begins
    assert _startup(package) == set(pair.startup)
    told = {row["path"] for row in package["appeared"] if row["severity"] != "info"}
    assert told == set(pair.appeared)
    gone = package["native_vanished"]
    assert len(gone) == len(pair.native)
    assert all(path.startswith(begin) for path, begin in zip(gone, pair.native, strict=True))
    assert package["native_appeared"] == []
    assert package["not_analysed"] == []


def _startup(package: dict[str, Any]) -> set[tuple[str, str]]:
    rows = [("appeared", row) for row in package["appeared"]]
    rows += [("changed", row["finding"]) for row in package["changed"]]
    rows += [("vanished", row) for row in package["vanished"]]
    return {(how, row["path"]) for how, row in rows if row["rule"] == "startup-line"}
