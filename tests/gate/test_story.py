"""A team's story with real releases in a real git repository: adopt, be stopped, approve, go on."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.real.story import releases
from tests.support.factories import record_of, wheel
from tests.support.program import Done, wheelwatch

pytestmark = pytest.mark.network

BASELINE = "wheelwatch-baseline.toml"
POLICY = '[tool.wheelwatch]\nstartup-files = "approve"\n'


class Project:
    """A git repository with a folder of wheels that CI judges, as it would be vendored."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        (folder / "pyproject.toml").write_text(POLICY)

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=self.folder, capture_output=True, text=True, check=True
        )
        return done.stdout

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def hold(self, *wheels: Path) -> None:
        """The wheels are these, and no others."""
        folder = self.folder / "wheels"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for path in wheels:
            (folder / path.name).write_bytes(path.read_bytes())
        self.commit("wheels")

    def scan(self) -> Done:
        options = ("--baseline", BASELINE, "--format", "json")
        return wheelwatch("scan", "wheels", *options, cwd=self.folder)

    def approve(self, *arguments: str) -> None:
        done = wheelwatch("approve", "wheels", *arguments, cwd=self.folder)
        assert done.code == 0, done.err
        self.commit("approve")


def altered(path: Path, folder: Path, member: str, old: bytes, new: bytes) -> Path:
    """A copy of a wheel in which one member says something else, and RECORD agrees."""
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new, 1)
    (record,) = [name for name in members if name.endswith(".dist-info/RECORD")]
    members[record] = record_of({name: data for name, data in members.items() if name != record}, record)
    folder.mkdir()
    with zipfile.ZipFile(folder / path.name, "w") as target:
        for name, data in members.items():
            target.writestr(name, data)
    return folder / path.name


def startup_lines(done: Done) -> list[tuple[str, str]]:
    """What the gate says of each startup line: the ruling and its detail."""
    return [
        (row["standing"]["ruling"], row["standing"]["detail"])
        for package in done.report["packages"]
        for row in package["findings"]
        if row["rule"] == "startup-line"
    ]


def test_a_team_adopts_and_is_stopped_by_what_is_new(tmp_path: Path) -> None:
    before, after = releases("coverage==7.12.0", "coverage==7.13.0")
    helper, newer = (
        wheel(tmp_path / version, {"helper.py": f"v = {version!r}\n"}, name="helper", version=version)
        for version in ("1.0", "2.0")
    )
    project = Project(tmp_path / "project")
    project.hold(before, helper)
    project.approve("--all")
    assert project.scan().code == 0

    project.hold(after, helper)
    stopped = project.scan()
    assert stopped.code == 1
    assert startup_lines(stopped) == [("required", "")]
    added = wheelwatch("diff", before, after, "--config", "pyproject.toml", cwd=project.folder)
    assert added.code == 1
    assert "begins to run code at every start of the interpreter" in added.out
    assert "+ info      startup-line  a1_coverage.pth:1" in added.out

    project.approve("--reason", "coverage of subprocesses")
    assert "coverage of subprocesses" in project.git("show", f"HEAD:{BASELINE}")
    assert project.scan().code == 0

    project.hold(after, newer)
    assert project.scan().code == 0, "an unrelated upgrade"

    project.hold(altered(after, tmp_path / "line", "a1_coverage.pth", b"os.getenv", b"os.geteny"), helper)
    line = project.scan()
    assert line.code == 1
    ((ruling, detail),) = startup_lines(line)
    assert ruling == "changed"
    now, _, was = detail.partition(" now, approved was ")
    assert now.startswith('startup code changed: it is "import sys')
    assert was.startswith('"import sys')
    assert now.partition("it is ")[2].replace("os.geteny", "os.getenv") == was

    entry = b"def process_startup("
    module = altered(after, tmp_path / "module", "coverage/control.py", entry, b"x = 1\n" + entry)
    project.hold(module, helper)
    changed = project.scan()
    assert changed.code == 1
    assert startup_lines(changed) == [("changed", "startup code changed: coverage/control.py <module>")]

    # Neither comments nor the lines that they move are evidence.
    comment = altered(after, tmp_path / "comment", "coverage/control.py", entry, b"# hm\n\n" + entry)
    project.hold(comment, helper)
    assert [ruling for ruling, _ in startup_lines(project.scan())] == ["approved"]
