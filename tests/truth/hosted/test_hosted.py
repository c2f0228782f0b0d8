"""Autoload by real runs of pytest, install by real builds: chains are the stacks, up to elided frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.factories import sdist, site_dir, tree
from tests.support.pythons import interpreters
from tests.truth.hosted import builds, plugins
from tests.truth.hosted.plugins import Plugin
from tests.truth.hosted.room import Room, Stack, furnish
from wheelwatch.engine.run import scan
from wheelwatch.engine.runner import InProcess
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Finding, Trigger

pytestmark = [pytest.mark.executes, pytest.mark.network]

VERSIONS = [version for version in ("3.8", "3.11", "3.13") if version in interpreters()]
BUILD = ("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")


@pytest.fixture(scope="module", params=VERSIONS)
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Room:
    return furnish(tmp_path_factory.mktemp("room"), request.param)


def found(*targets: Path) -> list[Finding]:
    report = scan([str(target) for target in targets], runner=InProcess(DEFAULT))
    assert report.errors == ()
    return [
        finding
        for package in report.packages
        for finding in package.findings
        if finding.rule == "hook-trace"
    ]


def chain(finding: Finding, top: str = "") -> Stack:
    """The steps that are frames: what stands in configuration is none."""
    steps = [step for step in finding.chain if step.function]
    return [
        (step.path.removeprefix("{source}/").removeprefix(top), step.line, step.function) for step in steps
    ]


def is_within(steps: Stack, stack: Stack) -> bool:
    """Whether the steps are frames of the stack in its order, from the first to the last one."""
    rest = iter(stack)
    return steps[0] == stack[0] and steps[-1] == stack[-1] and all(step in rest for step in steps)


# --- builds


def project(folder: Path, files: builds.Files) -> Path:
    return tree(folder, {**builds.PACKAGE, **files})


@pytest.mark.parametrize("case", builds.BUILDS)
def test_a_build_is_the_chain(case: str, room: Room, tmp_path: Path) -> None:
    files = {**builds.PACKAGE, **builds.BUILDS[case]}
    stacks = room.run(project(tmp_path / "source", files), *BUILD, "-w", str(tmp_path / "out"), ".")
    # Where there is no setup.py, setuptools runs a line of its own under that name.
    stacks = [[step for step in stack if step[0] in files] for stack in stacks]
    assert stacks
    for target, top in ((sdist(tmp_path, files), "demo-1.0/"), (project(tmp_path / "tree", files), "")):
        (finding,) = found(target)
        assert finding.trigger is Trigger.INSTALL
        steps = chain(finding, top)
        assert any(is_within(steps, stack) for stack in stacks), (steps, stacks)
        assert room.version in finding.pythons


@pytest.mark.parametrize("case", builds.QUIETLY)
def test_a_near_miss_builds_in_silence(case: str, room: Room, tmp_path: Path) -> None:
    files = {**builds.PACKAGE, **builds.QUIETLY[case]}
    assert not room.run(project(tmp_path / "source", files), *BUILD, "-w", str(tmp_path / "out"), ".")
    for target in (sdist(tmp_path, files), project(tmp_path / "tree", files)):
        (finding,) = found(target)
        assert finding.trigger is Trigger.CALL


# --- plugins of pytest


def installed(folder: Path, plugin: Plugin) -> Path:
    names = iter(plugin.distributions)
    first = next(names)
    points = {f"{first}-1.0.dist-info/entry_points.txt": f"[{plugin.group}]\nplug = {plugin.value}\n"}
    rows = {f"{name}-1.0": dict(files) for name, files in plugin.distributions.items()}
    rows[f"{first}-1.0"].update(points)
    return site_dir(folder, rows)


def ran(room: Room, site: Path) -> list[Stack]:
    tests = tree(site.parent / "tests", {"test_one.py": "def test_one():\n    assert True\n"})
    command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests))
    return room.run(site, *command, path=site)


@pytest.mark.parametrize("case", plugins.PLUGINS)
def test_a_run_of_pytest_is_the_chain(case: str, room: Room, tmp_path: Path) -> None:
    site = installed(tmp_path / "site", plugins.PLUGINS[case])
    stacks = ran(room, site)
    assert stacks
    (finding,) = found(site)
    assert finding.trigger is Trigger.AUTOLOAD
    assert finding.chain[0].path == "demo-1.0.dist-info/entry_points.txt"
    assert finding.chain[0].what.endswith("loaded by pytest, at every start")
    assert any(is_within(chain(finding), stack) for stack in stacks), (chain(finding), stacks)


@pytest.mark.parametrize("case", plugins.QUIETLY)
def test_a_near_miss_is_tested_in_silence(case: str, room: Room, tmp_path: Path) -> None:
    site = installed(tmp_path / "site", plugins.QUIETLY[case])
    assert not ran(room, site)
    (finding,) = found(site)
    assert finding.trigger is Trigger.CALL
