"""``.pth`` lines by version: the rows of A.2."""

from __future__ import annotations

import pytest

from tests.startup.sets import ALL, BEFORE_15, UP_TO_12, of, read, runs, site, target
from tests.startup.sets import distribution as made
from wheelwatch.limits import Limits
from wheelwatch.model import Reason, StartupKind, Version
from wheelwatch.startup import dialect, dialects, surface

QUIET = [
    "# import os\n",
    "from os import path\n",
    "import\x0csys\n",
    "importlib\n",
    "IMPORT sys\n",
    "import \n",
    "import (\n",
    "import os; if\n",
    "import os\0\n",
    "\n \n\t\n",
    "",
]


@pytest.mark.parametrize("text", QUIET)
def test_runs_nothing(text: str) -> None:
    assert runs(site({"a.pth": text})) == []


ONE_LINE = [
    ("import os\n", "import os", ALL),
    ("import os", "import os", ALL),
    ("import\tos\r\n", "import\tos", ALL),
    ("import os  \n", "import os  ", ALL),
    ("\ufeffimport os\n", "import os", ("3.12", "3.13", "3.14", "3.15")),
    ("  import os\n", "import os", ("3.15",)),
    ("\u3000import os\xa0\n", "import os", ("3.15",)),
    ("import os\xa0\n", "import os", ("3.15",)),
    ("\u200bimport os\n", None, ()),
    ("import\x20\x0csys\n", "import \x0csys", UP_TO_12),
    ("# \u2028import os\n", "import os", ("3.12", "3.13", "3.14", "3.15")),
    ("import os; x = 'a\x85b'\n", "import os; x = 'a\x85b'", UP_TO_12),
]


@pytest.mark.parametrize(("text", "code", "pythons"), ONE_LINE)
def test_one_line(text: str, code: str | None, pythons: tuple[Version, ...]) -> None:
    expected = [("a.pth:1", code, pythons)] if code else []
    assert runs(site({"a.pth": text.encode()})) == expected


def test_an_error_ends_the_file_up_to_314() -> None:
    found = site({"a.pth": "import os\nimport (\nimport sys\n"})
    assert runs(found) == [("a.pth:1", "import os", ALL), ("a.pth:3", "import sys", ("3.15",))]


def test_an_error_that_is_not_certain_ends_nothing() -> None:
    found = site({"a.pth": "import no_such_module\nimport sys\n"})
    assert [row[0] for row in runs(found)] == ["a.pth:1", "a.pth:2"]


def test_line_numbers_are_those_of_an_editor() -> None:
    found = site({"a.pth": "# \x85\r\rimport os\x0bimport re\nimport sys"})
    later = ("3.12", "3.13", "3.14", "3.15")
    assert runs(found) == [
        ("a.pth:3", "import os", later),
        ("a.pth:3", "import re", later),
        ("a.pth:4", "import sys", later),
    ]


def test_hidden_files_were_read_by_old_micros() -> None:
    for name in (".x.pth", ".pth", "..pth"):
        assert runs(site({name: "import os\n"})) == [(f"{name}:1", "import os", UP_TO_12)]


@pytest.mark.parametrize("name", ["a.PTH", "a.pth.txt", "sub/a.pth", "apth"])
def test_other_names_are_not_read(name: str) -> None:
    assert site({name: "import os\n"}).entries == ()


def test_not_utf8_runs_what_came_before_on_streams_and_is_told() -> None:
    content = b"import os\n" + b"#" * 9000 + b"\nimport sys\n#\xff\n"
    found = site({"a.pth": content})
    first, second = of(found, StartupKind.PTH_IMPORT)
    assert (first.line, first.detail, first.pythons) == (1, "", ALL)
    assert second.line == 3
    assert "not UTF-8" in second.detail
    assert [problem.reason for _, _, problem in found.not_analysed] == [Reason.UNDECODABLE]


def test_limits_are_told() -> None:
    limits = Limits(startup_lines=2, startup_bytes=60)
    distribution = made({"a.pth": "import os\n" * 3, "b.pth": "#" * 61})
    found = surface(target(distribution), read, limits)
    assert [row[0] for row in runs(found)] == ["a.pth:1", "a.pth:2"]
    assert [(member.path, problem.reason) for _, member, problem in found.not_analysed] == [
        ("a.pth", Reason.TOO_LARGE),
        ("b.pth", Reason.TOO_LARGE),
    ]


def test_releases_and_their_dialects() -> None:
    assert dialect("3.12.1") == dialects("3.12")[0]
    assert dialect("3.12.3").streams
    assert not dialect("3.12.4").streams
    assert dialect("3.8.18").reads_hidden
    assert not dialect("3.8.19").reads_hidden
    assert dialect("3.15.0rc1").defers
    assert [len(dialects(version)) for version in ALL] == [2, 2, 2, 2, 3, 1, 1, 1]
    with pytest.raises(ValueError, match="not a full release"):
        dialect("3.12")
    assert tuple(version for version in ALL if not dialects(version)[-1].defers) == BEFORE_15


def test_a_file_of_nothing_but_blank_lines_is_cut_and_told() -> None:
    distribution = made({"a.pth": "\n" * 100 + "import os\n"})
    found = surface(target(distribution), read, Limits(startup_lines=5))
    assert [problem.reason for _, _, problem in found.not_analysed] == [Reason.TOO_LARGE]


def test_syntax_behind_the_first_megabyte_is_taken_to_be_right() -> None:
    pad = f"import sys;{' ' * 9_000}\n" * 120
    found = runs(site({"a.pth": pad + "import (\nimport os\n"}))
    assert [row[1] for row in found[-2:]] == ["import (", "import os"]
