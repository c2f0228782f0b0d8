"""What is seen while an audit goes on, and that judging does not wait for the last file."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.audit.place import package
from tests.support.index import Handler, serve
from wheelwatch.engine.advance import Advance
from wheelwatch.engine.audit import Order, audit
from wheelwatch.engine.options import Options
from wheelwatch.engine.runner import Workers
from wheelwatch.limits import DEFAULT
from wheelwatch.sources.plan import Asked, Option
from wheelwatch.sources.request import Inputs

pytestmark = [pytest.mark.network, pytest.mark.executes]


class Witness:
    """An observer that keeps what it is told, in order."""

    def __init__(self) -> None:
        self.events: list[tuple[str, int, int]] = []
        self.has_examined = threading.Event()

    def found(self, notes: Sequence[str], packages: int) -> None:
        """Not told by an audit itself."""

    def interrupted(self) -> None:
        """Nobody interrupts."""

    def resolving(self, names: int) -> None:
        self.events.append(("resolving", names, 0))

    def fetched(self, done: int, total: int) -> None:
        self.events.append(("fetched", done, total))

    def examined(self, label: str, advance: Advance) -> None:
        assert label == "audit"
        self.events.append(("examined", advance.files, advance.of_files))
        self.has_examined.set()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's configuration counts."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


@pytest.mark.usefixtures("bare")
def test_judging_overlaps_with_downloading(tmp_path: Path) -> None:
    """The second file is held back until the first was examined; were all fetched first, it never came."""
    witness, was_set = Witness(), []
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0", "late")
        path = package(index, tmp_path / "wheels", "late")

        def late(handler: Handler) -> None:
            if not handler.headers.get("user-agent", "").startswith("uv/"):
                was_set.append(witness.has_examined.wait(60))
            handler.send_range(path.read_bytes())

        index.fail("/files/late/", late)
        order = Order(
            inputs=Inputs(requirements=("app",)), options=(Option("index-url", index.url, Asked("-i")),)
        )
        runner = Workers(DEFAULT, 1)
        try:
            audited = audit(order, options=Options(), observer=witness, runner=runner)
        finally:
            runner.close()
    assert was_set == [True]
    assert [row.name for row in audited.report.packages] == ["app", "late"]
    assert audited.downloads == 2
    phases = list(dict.fromkeys(name for name, _, _ in witness.events))
    assert phases == ["resolving", "fetched", "examined"]
    assert [row for row in witness.events if row[0] == "fetched"] == [("fetched", 1, 2), ("fetched", 2, 2)]
    took = audited.seconds
    assert min(took.resolve, took.fetch, took.judge) >= 0


def test_a_terminal_shows_both_phases(tmp_path: Path) -> None:
    """Fetching and judging have a bar each; redirected, nothing of them is seen."""
    many = {f"app/m{number}.py": f"x = {number}\n" for number in range(600)}
    with serve() as index:
        package(index, tmp_path / "wheels", "app", files={"app/__init__.py": "", **many})
        command = [sys.executable, "-m", "wheelwatch", "audit", "app", "-i", index.url, "--workers", "1"]
        blank = {name: "" for name in os.environ if name.startswith(("PIP_", "UV_", "WHEELWATCH_"))}
        own = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "TERM": "xterm"}
        env = {**os.environ, **blank, **own, "NO_PROXY": "*"}
        mine, theirs = pty.openpty()
        done = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=env)
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(mine, 65536):
                shown += part
        except OSError:
            pass  # the other end is closed
        os.close(mine)
        assert done.wait(60) == 0, shown.decode()
        piped = subprocess.run(command, capture_output=True, env=env, check=True)
    words = (b"resolving", b"fetching", b"601 files")
    places = [shown.find(word) for word in words]
    assert places == sorted(places), shown.decode()
    assert -1 not in places, shown.decode()
    assert b"fetching" not in piped.stderr
