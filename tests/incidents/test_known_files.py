"""Files of known attacks get their name: by content, by RECORD, by name and content, from a list."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.incidents import litellm
from tests.support.factories import site_dir, tree, wheel
from tests.support.program import Done, wheelwatch

RULE = "payload-incident"
INIT = "ceNa7wMJnNHy1kRnNCcwJaFjWX3pORLfMh7xGL8TUjg"
"""The digest of the real litellm_init.pth, in the form that its RECORD had."""

SAMPLE = b"import demo\nprint('inert')\n"
DIGEST = hashlib.sha256(SAMPLE).hexdigest()


def named(done: Done) -> list[dict[str, Any]]:
    """The findings of the rule, without what every finding has."""
    return [
        {key: finding[key] for key in ("severity", "trigger", "path", "line", "api", "applies")}
        for package in done.report["packages"]
        for finding in package["findings"]
        if finding["rule"] == RULE
    ]


def found(path: str, trigger: str, *, line: int = 0, name: str = "TEAM-1") -> dict[str, Any]:
    return {
        "severity": "critical",
        "trigger": trigger,
        "path": path,
        "line": line,
        "api": name,
        "applies": True,
    }


def own_list(folder: Path, digest: str = DIGEST) -> Path:
    file = folder / "ioc.toml"
    file.write_text(f'[[incident]]\nid = "TEAM-1"\nname = "Ours"\nsha256 = ["{digest}"]\n')
    return file


def test_the_replica_gets_the_advisories_and_techniques_of_the_attack(tmp_path: Path) -> None:
    done = wheelwatch("scan", litellm.as_wheel(tmp_path), "--format", "json")
    assert done.code == 1, done.err
    assert named(done) == [found("litellm_init.pth", "startup", line=1, name="MAL-2026-2144")]
    text = wheelwatch("scan", litellm.as_wheel(tmp_path)).out
    for word in ("MAL-2026-2144", "PYSEC-2026-2", "T1546.018"):
        assert word in text


def test_record_alone_names_the_real_file(tmp_path: Path) -> None:
    info = "litellm-1.82.8.dist-info"
    files = {
        "litellm/__init__.py": "",
        "litellm_init.pth": "# emptied by a cleaner\n",
        f"{info}/RECORD": f"litellm_init.pth,sha256={INIT},34628\n{info}/RECORD,,\n",
    }
    done = wheelwatch("scan", wheel(tmp_path, files, name="litellm", version="1.82.8"), "--format", "json")
    assert done.code == 1, done.err
    assert named(done) == [found("litellm_init.pth", "import", name="MAL-2026-2144")]


PANTHEON = "GHSA-93qj-5q5v-3c2h"
HADES = "import os as _O, tempfile as _T; _m = _O.path.join(_T.gettempdir(), '.bun_ran'); print(_m)\n"


@pytest.mark.parametrize(
    ("place", "content", "expected"),
    [
        (
            "nhmpy-setup.pth",
            HADES,
            [found("nhmpy-setup.pth", "startup", line=1, name="GHSA-93qj-5q5v-3c2h")],
        ),
        ("nhmpy-setup.pth", HADES.replace(".bun_ran", ".done"), []),
        ("nhmpy.pth", HADES, []),
    ],
)
def test_a_name_counts_with_its_content_only(
    place: str, content: str, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    done = wheelwatch(
        "scan", site_dir(tmp_path / "site-packages", {}, {place: content}), "--format", "json"
    )
    assert named(done) == expected


def test_a_list_of_the_team_finds_files_wherever_they_are(tmp_path: Path) -> None:
    ioc = own_list(tmp_path)
    built = wheel(tmp_path, {"demo/__init__.py": "", "demo/data.bin": SAMPLE})
    installed = site_dir(tmp_path / "site-packages", {"demo-1.0": {"demo.pth": SAMPLE, "demo.py": ""}})
    loose = tree(tmp_path / "loose", {"inner/demo.py": SAMPLE})
    paths = {built: "demo/data.bin", installed: "demo.pth", loose: "inner/demo.py"}
    for target, path in paths.items():
        done = wheelwatch("scan", target, "--format", "json", "--ioc", ioc)
        assert done.code == 1, done.err
        assert named(done) == [found(path, "startup" if path == "demo.pth" else "import")]
        assert named(wheelwatch("scan", target, "--format", "json")) == []


def test_a_list_may_name_an_archive_and_take_digests_as_record_writes_them(tmp_path: Path) -> None:
    built = wheel(tmp_path, {"demo.py": ""})
    ioc = own_list(tmp_path, hashlib.sha256(built.read_bytes()).hexdigest().upper())
    done = wheelwatch("scan", built, "--format", "json", env={"WHEELWATCH_IOC": str(ioc)})
    assert named(done) == [found("", "install")]
    as_recorded = own_list(tmp_path, f"sha256={INIT}")
    assert wheelwatch("scan", built, "--ioc", as_recorded).code == 0


WRONG = [
    ("[[incident]", "is no TOML"),
    ("[[incidents]]", "incidents: is no key of such a list"),
    ('incident = "x"', "incident: expected `array`"),
    ("[[incident]]\nname = 'n'", "incident[0]: object missing required field `id`"),
    ("[[incident]]\nid = ''\nname = 'n'\nsha256 = []", "incident[0].id: is empty"),
    ("[[incident]]\nid = 'i'\nname = 'n'", "incident[0]: has neither sha256 nor traits"),
    ("[[incident]]\nid = 'i'\nname = 'n'\nsha256 = 'x'", "incident[0].sha256: expected `array`"),
    ("[[incident]]\nid = 'i'\nname = 'n'\nsha256 = ['x']", "incident[0].sha256[0]: is neither 64"),
    ("[[incident]]\nid = 'i'\nname = 'n'\nurl = 'x'", "incident[0]: object contains unknown field `url`"),
    (
        "[[incident]]\nid = 'i'\nname = 'n'\ntraits = [{files = ['*'], contains = []}]",
        "incident[0].traits[0].contains: is empty",
    ),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_wrong_list_is_named_by_the_path_of_its_key(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "ioc.toml"
    file.write_text(text)
    done = wheelwatch("scan", wheel(tmp_path, {"demo.py": ""}), "--ioc", file)
    assert done.code == 2
    assert f"error: {file}: {message}" in done.err
    assert done.err.count("error:") == 1


def test_a_missing_list_is_an_error(tmp_path: Path) -> None:
    done = wheelwatch("scan", tmp_path, "--ioc", tmp_path / "none.toml")
    assert done.code == 2
    assert f"error: {tmp_path / 'none.toml'}: No such file" in done.err
