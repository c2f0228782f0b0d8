"""Real startup files: each with its Pythons, its owner and its verdict; what is known is known exactly."""

from __future__ import annotations

import io
import keyword
import re
import tokenize
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.real.startup import pins, wheels
from tests.support.factories import site_dir
from tools.known import lines
from wheelwatch.catalogue.known import ANY, Known, entries
from wheelwatch.engine.run import scan
from wheelwatch.engine.runner import InProcess
from wheelwatch.limits import DEFAULT
from wheelwatch.model import SUPPORTED_PYTHONS, Finding, Package, Severity, Trigger
from wheelwatch.sources import find

pytestmark = pytest.mark.network

DEFERRED = ("3.15",)
UNTIL = SUPPORTED_PYTHONS[:-1]


class Started(NamedTuple):
    """A startup file of a wheel: path, line, the entry that knows it, and its Pythons."""

    path: str
    line: int
    known: str | None
    pythons: tuple[str, ...] = SUPPORTED_PYTHONS


def nspkg(stem: str, count: int = 1) -> list[Started]:
    """The lines of a namespace file: the last of several is that of the child."""
    names = ["nspkg-old"] * count if count == 1 else ["nspkg-old"] * (count - 1) + ["nspkg-old-child"]
    return [Started(f"{stem}-nspkg.pth", number, name) for number, name in enumerate(names, 1)]


PRECEDENCE = "distutils-precedence.pth"
STARTED = {
    "setuptools==84.2.1": [Started(PRECEDENCE, 1, "setuptools-distutils-local")],
    "setuptools==65.5.0": [Started(PRECEDENCE, 1, "setuptools-distutils-local")],
    "setuptools==59.8.0": [Started(PRECEDENCE, 1, "setuptools-distutils-stdlib")],
    "setuptools==57.5.0": [Started(PRECEDENCE, 1, "setuptools-distutils-stdlib")],
    "coloredlogs==15.0.1": [Started("coloredlogs.pth", 1, "coloredlogs")],
    "coverage==7.17.3": [Started("a1_coverage.pth", 1, "coverage")],
    "pytest-cov==6.0.0": [Started("pytest-cov.pth", 1, "pytest-cov")],
    "hunter==3.9.0": [Started("hunter.pth", 1, "hunter")],
    "manhole==1.8.1": [Started("manhole.pth", 1, "manhole")],
    "better-exceptions==0.3.3": [Started("better_exceptions_hook.pth", 1, "better-exceptions")],
    "future-fstrings==1.2.0": [Started("aaaaa_future_fstrings.pth", 1, "future-fstrings")],
    "autowrapt==2.0.0": [
        Started("autowrapt-init.pth", 1, "autowrapt", UNTIL),
        Started("autowrapt-init.start", 2, "autowrapt-start", DEFERRED),
    ],
    "pip-system-certs==5.3": [Started("pip_system_certs.pth", 1, "pip-system-certs")],
    "python-certifi-win32==1.6.1": [
        Started("{prefix}/lib/site-packages/python-certifi-win32-init.pth", 1, "python-certifi-win32")
    ],
    "pyston-lite-autoload==2.3.5": [Started("pyston_lite_autoload.pth", 1, None)],
    "sciagraph==2024.10.0": [Started("_sciagraph_autoload.pth", 1, "sciagraph")],
    "pywin32==312": [Started("pywin32.pth", 7, "pywin32")],
    "sitecustomize-entrypoints==1.1.0": [Started("sitecustomize/__init__.py", 0, None)],
    "protobuf==3.20.3": nspkg("protobuf-3.20.3"),
    "google-api-core==1.34.1": nspkg("google_api_core-1.34.1-py3.9"),
    "google-auth==1.35.0": nspkg("google_auth-1.35.0-py3.9"),
    "google-cloud-core==1.7.3": nspkg("google_cloud_core-1.7.3-py3.7", 3),
    "googleapis-common-protos==1.56.0": nspkg("googleapis_common_protos-1.56.0-py3.10", 3),
    "matplotlib==3.4.3": nspkg("matplotlib-3.4.3-py3.9"),
    "zope-event==4.6": nspkg("zope.event-4.6-py3.9"),
    "zope-interface==5.5.2": nspkg("zope.interface-5.5.2-py3.11"),
    "sphinxcontrib-jsmath==1.0.1": nspkg("sphinxcontrib_jsmath-1.0.1-py3.7"),
    "sphinxcontrib-programoutput==0.17": nspkg("sphinxcontrib_programoutput-0.17-py3.8"),
    "pastedeploy==3.1.0": nspkg("PasteDeploy-3.1.0-py3.11"),
    "repoze-lru==0.7": nspkg("repoze.lru-0.7-py3.6"),
    "ruamel-yaml==0.17.21": nspkg("ruamel.yaml-0.17.21-py3.9"),
    "xstatic==1.0.3": nspkg("XStatic-1.0.3-py3.10", 3),
}
DORMANT = {
    "ddtrace==4.16.0": "ddtrace/bootstrap/sitecustomize.py",
    "opentelemetry-instrumentation==0.66b2": (
        "opentelemetry/instrumentation/auto_instrumentation/sitecustomize.py"
    ),
    "newrelic==14.1.0": "newrelic/bootstrap/sitecustomize.py",
    "elastic-apm==6.26.2": "elasticapm/instrumentation/wrapper/sitecustomize.py",
    "contrast-agent==11.11.1": "contrast/loader/sitecustomize.py",
    "appdynamics==26.7.2.9185": "appdynamics/autoinject/sitecustomize.py",
    "blackfire==2026.10.0": "blackfire/bootstrap/sitecustomize.py",
    "pdm==2.29.4": "pdm/pep582/sitecustomize.py",
    "gevent==26.9.0": "gevent/testing/coveragesite/sitecustomize.py",
    "debugpy==1.8.22": "debugpy/_vendored/pydevd/pydev_sitecustomize/sitecustomize.py",
}
WRITERS = {"virtualenv==21.15.8", "editables==0.6", "pretty-errors==1.2.25"}
"""They ship no startup file, and write some when they are used."""

RULES = {"startup-line": 1, "startup-entry": 1, "startup-module": 0}


def judged(target: Path) -> tuple[Package, ...]:
    """The packages of a target, analysed in this process."""
    return scan((str(target),), runner=InProcess(DEFAULT)).packages


def startup(package: Package) -> list[Finding]:
    return [finding for finding in package.findings if finding.rule in RULES]


def test_every_pin_is_tested() -> None:
    assert set(pins()) == {*STARTED, *DORMANT, *WRITERS}


@pytest.mark.parametrize("pin", STARTED)
def test_a_startup_file_has_its_pythons_owner_and_verdict(pin: str) -> None:
    (package,) = judged(wheels()[pin])
    assert package.name.lower().replace("_", "-").replace(".", "-") == pin.partition("==")[0]
    found = [Started(f.path, f.line, f.known, f.pythons) for f in startup(package)]
    assert sorted(found) == sorted(STARTED[pin])
    verdicts = {finding.severity for finding in startup(package)}
    assert verdicts == ({Severity.INFO} if STARTED[pin][0].known else {Severity.MEDIUM})


@pytest.mark.parametrize("pin", DORMANT)
def test_a_nested_sitecustomize_is_dormant(pin: str) -> None:
    path = DORMANT[pin]
    assert path in zipfile.ZipFile(wheels()[pin]).namelist()
    (package,) = judged(wheels()[pin])
    assert [finding.rule for finding in package.findings if finding.trigger is Trigger.STARTUP] == []
    own = [finding for finding in package.findings if finding.path == path]
    # ddtrace.auto imports the module by its full name: then it is as any other module.
    by_itself = [finding for finding in own if len(finding.chain) == 1]
    assert {finding.trigger for finding in by_itself} <= {Trigger.DORMANT}
    assert all(finding.severity <= Severity.LOW for finding in own)


@pytest.mark.parametrize("pin", sorted(WRITERS))
def test_what_only_writes_startup_files_starts_nothing(pin: str) -> None:
    (package,) = judged(wheels()[pin])
    assert [finding.rule for finding in package.findings if finding.trigger is Trigger.STARTUP] == []


def test_the_tool_finds_in_the_wheels_what_the_catalogue_says() -> None:
    known = {entry.id: entry for entry in entries()}
    for pin, expected in STARTED.items():
        made = [
            (line, release)
            for target in find([str(wheels()[pin])], as_=None, limits=DEFAULT).sets
            for line, release in lines(target)
        ]
        for row in expected:
            entry = known.get(row.known or "")
            if entry is not None and entry.module:
                assert any(
                    line.text == entry.line
                    and line.owner == entry.owner
                    and line.module == entry.module
                    and release.digest in entry.digests
                    for line, release in made
                ), pin


# What is known is known exactly.

EXACT = [pin for pin, rows in STARTED.items() if rows[0].known and "nspkg" not in rows[0].known]
EXCUSED = [pin for pin in EXACT if pin != "python-certifi-win32==1.6.1"]
"""Those whose file stands in the site directory itself on this platform."""


class Parts(NamedTuple):
    """The files of a wheel that a known line needs: its startup files, and the module that it calls."""

    entry: Known
    startup: Mapping[str, bytes]
    module: Mapping[str, bytes]


def parts(pin: str) -> Parts:
    row = STARTED[pin][0]
    entry = next(known for known in entries() if known.id == row.known)
    archive = zipfile.ZipFile(wheels()[pin])
    module = re.compile(rf"(.+/)?{re.escape(entry.module.replace('.', '/'))}(/__init__)?\.py")
    files = {name: archive.read(name) for name in archive.namelist() if module.fullmatch(name)}
    return Parts(entry, {row.path: archive.read(row.path)}, files)


def outcome(folder: Path, distributions: Mapping[str, Mapping[str, bytes]]) -> dict[str, Finding]:
    """The findings on startup files, by rule, of an environment with these files."""
    target = site_dir(folder / "site-packages", distributions)
    return {
        finding.rule: finding
        for package in judged(target)
        for finding in package.findings
        if finding.rule.startswith("startup-") and finding.rule != "startup-path"
    }


def changed_line(data: bytes, line: bytes) -> bytes:
    """The file with the last letter of the line replaced by another."""
    place = max(match.start() for match in re.finditer(rb"[A-Za-z]", line))
    other = b"q" if line[place : place + 1] != b"q" else b"z"
    return data.replace(line, line[:place] + other + line[place + 1 :])


def changed_module(data: bytes) -> bytes:
    """The source with the last letter of its last name replaced, so that no comment is what changes."""
    names = [
        token
        for token in tokenize.tokenize(io.BytesIO(data).readline)
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string)
    ]
    row, column = names[-1].end
    rows = data.decode().splitlines(keepends=True)
    text = rows[row - 1]
    other = "q" if text[column - 1] != "q" else "z"
    rows[row - 1] = text[: column - 1] + other + text[column:]
    return "".join(rows).encode()


def owner(pin: str) -> str:
    return pin.replace("==", "-")


@pytest.mark.parametrize("pin", EXCUSED)
def test_the_same_in_an_environment_is_known(pin: str, tmp_path: Path) -> None:
    entry, files, module = parts(pin)
    found = outcome(tmp_path, {owner(pin): {**files, **module}})
    assert {finding.known for finding in found.values()} == {entry.id}
    assert {finding.severity for finding in found.values()} == {Severity.INFO}


@pytest.mark.parametrize("pin", EXCUSED)
def test_one_byte_of_the_line_and_it_is_not_known(pin: str, tmp_path: Path) -> None:
    entry, files, module = parts(pin)
    other = {path: changed_line(data, entry.line.encode()) for path, data in files.items()}
    assert other != files
    found = outcome(tmp_path, {owner(pin): {**other, **module}})
    assert {finding.known for finding in found.values()} == {None}
    assert found["startup-line"].severity is Severity.MEDIUM


@pytest.mark.parametrize("pin", EXCUSED)
def test_one_byte_of_the_module_and_it_is_not_known(pin: str, tmp_path: Path) -> None:
    _, files, module = parts(pin)
    other = {path: changed_module(data) for path, data in module.items()}
    assert other != module
    found = outcome(tmp_path, {owner(pin): {**files, **other}})
    assert found["startup-line"].known is None
    assert found["startup-line"].severity is Severity.MEDIUM


@pytest.mark.parametrize("pin", EXCUSED)
def test_another_owner_and_it_is_not_known(pin: str, tmp_path: Path) -> None:
    entry, files, module = parts(pin)
    assert entry.owner != ANY
    found = outcome(tmp_path, {"other-1.0": {**files, **module}})
    assert found["startup-line"].known is None
    assert found["startup-line"].severity is Severity.MEDIUM


@pytest.mark.parametrize("pin", EXCUSED)
def test_a_foreign_module_behind_the_line_is_high(pin: str, tmp_path: Path) -> None:
    _, files, module = parts(pin)
    found = outcome(tmp_path, {owner(pin): files, "evil-1.0": module})
    assert found["startup-line"].known is None
    assert found["startup-foreign-module"].severity is Severity.HIGH


@pytest.mark.parametrize("pin", [pin for pin in STARTED if pin not in EXACT and STARTED[pin][0].known])
def test_one_byte_of_a_namespace_line_and_it_is_not_known(pin: str, tmp_path: Path) -> None:
    row = STARTED[pin][0]
    data = zipfile.ZipFile(wheels()[pin]).read(row.path)
    line = data.splitlines()[0]
    found = outcome(tmp_path, {owner(pin): {row.path: changed_line(line, line)}})
    assert found["startup-line"].known is None
    assert found["startup-line"].severity is Severity.MEDIUM
