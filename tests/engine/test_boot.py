"""What the boot sequence says of real layouts: order, owner, verdict, what each step leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.factories import site_dir, tree, wheel
from wheelwatch.engine.boot import startup
from wheelwatch.engine.options import Options
from wheelwatch.engine.run import scan
from wheelwatch.engine.runner import InProcess
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.limits import DEFAULT
from wheelwatch.model import FileRef, Listing, Outcome, PackageKind, Severity, StartupKind, Trigger, Turn


def listed(*targets: Path, **options: object) -> Listing:
    chosen = Options(**options)  # type: ignore[arg-type]  # passed through
    return startup([str(target) for target in targets], options=chosen, runner=InProcess(DEFAULT))


def steps(listing: Listing, python: str = "3.12") -> tuple[Turn, ...]:
    ((_, found),) = [
        (start, order.steps)
        for start in listing.starts
        for order in start.orders
        if python in order.pythons
    ]
    return found


def places(listing: Listing, python: str = "3.12") -> list[tuple[str, int]]:
    return [(turn.path, turn.line) for turn in steps(listing, python)]


DEMO = {
    "b.pth": "demo_data\nimport demo._boot\n",
    "demo/__init__.py": "",
    "demo/_boot.py": "from demo._hooks import install\n\ninstall()\n",
    "demo/_hooks.py": "import sys\n\n\ndef install():\n    sys.settrace(print)\n",
    "demo_data/x.txt": "",
    "sitecustomize.py": "print('inert')\n",
}


def site(folder: Path, loose: dict[str, str] | None = None) -> Path:
    return site_dir(folder / "lib" / "python3.12" / "site-packages", {"demo-1.0": DEMO}, loose)


class Asking(InProcess):
    """Remembers the files that it was asked about."""

    def __init__(self) -> None:
        super().__init__(DEFAULT)
        self.asked: set[str] = set()

    def run(self, work: Work, items: Sequence[tuple[Item, int]], *rest: Any) -> Mapping[Item, Answer]:
        self.asked |= {item.source.key for item, _ in items if isinstance(item.source, FileRef)}
        return super().run(work, items, *rest)


def test_only_what_startup_reaches_is_looked_into(tmp_path: Path) -> None:
    runner = Asking()
    where = site(tmp_path, {"far.py": "import sys\nsys.settrace(print)\nimport demo._hooks\n"})
    listing = startup([str(where)], runner=runner)
    assert runner.asked == {"demo/__init__.py", "demo/_boot.py", "demo/_hooks.py", "sitecustomize.py"}
    whole = scan([str(where)], runner=InProcess(DEFAULT))
    told = {f.fingerprint for turn in steps(listing) for f in turn.findings}
    told |= {f.fingerprint for f in listing.starts[0].findings}
    starting = [f for p in whole.packages for f in p.findings if f.trigger is Trigger.STARTUP]
    assert told == {f.fingerprint for f in starting}


def test_an_environment_that_starts_nothing(tmp_path: Path) -> None:
    quiet = site_dir(tmp_path / "lib/python3.12/site-packages", {"demo-1.0": {"demo.py": "import sys\n"}})
    listing = listed(quiet)
    assert listing.outcome is Outcome.PASS
    assert listing.complete
    assert steps(listing) == ()
    assert listing.starts[0].findings == ()


def test_what_only_an_import_reaches_is_no_matter_of_the_start(tmp_path: Path) -> None:
    code = {"demo.py": "import sys\nsys.settrace(print)\nimport os\nos.system('echo')\n"}
    listing = listed(wheel(tmp_path, code))
    assert listing.outcome is Outcome.PASS
    assert [order.steps for order in listing.starts[0].orders] == [()]


def test_steps_in_order_with_owner_and_what_they_lead_to(tmp_path: Path) -> None:
    listing = listed(site(tmp_path, {"a.pth": "import os\n"}))
    assert places(listing) == [("a.pth", 1), ("b.pth", 1), ("b.pth", 2), ("sitecustomize.py", 0)]
    stray, path, line, module = steps(listing)
    assert (stray.owner, stray.severity) == (PackageKind.UNOWNED, Severity.HIGH)
    assert (path.kind, path.target, path.severity) == (StartupKind.PTH_PATH, "demo_data", Severity.INFO)
    assert (line.package, line.version, line.text.strip()) == ("demo", "1.0", "import demo._boot")
    assert line.modules == ("demo/__init__.py", "demo/_boot.py", "demo/_hooks.py")
    assert line.severity is Severity.HIGH
    (hook,) = [finding for finding in line.findings if finding.rule == "hook-trace"]
    assert [(step.path, step.line) for step in hook.chain] == [
        ("b.pth", 2),
        ("demo/_boot.py", 3),
        ("demo/_hooks.py", 5),
    ]
    assert (module.phase, module.kind) == ("sitecustomize", StartupKind.SITECUSTOMIZE)
    assert listing.outcome is Outcome.FAIL


def test_two_lines_that_reach_one_site_have_it_each_with_its_own_chain(tmp_path: Path) -> None:
    files = DEMO | {"c.pth": "import demo._hooks; demo._hooks.install()\n"}
    listing = listed(wheel(tmp_path, files))
    lines = [turn for turn in steps(listing) if turn.kind is StartupKind.PTH_IMPORT]
    hooks = [[row for row in turn.findings if row.rule == "hook-trace"] for turn in lines]
    assert [[row.chain[0].path for row in found] for found in hooks] == [["b.pth"], ["c.pth"]]
    assert hooks[0][0].fingerprint == hooks[1][0].fingerprint


def test_versions_with_one_order_are_one_group(tmp_path: Path) -> None:
    late = {"a.pth": "import demo\n", "b.pth": "demo_data\n", "demo_data/x": "", "demo/__init__.py": ""}
    (start,) = listed(wheel(tmp_path, late)).starts
    assert [order.pythons for order in start.orders] == [
        ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"),
        ("3.15",),
    ]
    early, deferred = ([(turn.path, turn.phase) for turn in order.steps] for order in start.orders)
    assert early == [("a.pth", "site"), ("b.pth", "site")]
    assert deferred == [("b.pth", "site"), ("a.pth", "site")]


def test_start_files_run_behind_the_lines_on_3_15_alone(tmp_path: Path) -> None:
    files = {"zz.start": "demo:go\n", "zz.pth": "import demo\n", "demo.py": "def go(): ...\n"}
    listing = listed(wheel(tmp_path, files))
    assert places(listing, "3.14") == [("zz.pth", 1)]
    assert places(listing, "3.15") == [("zz.start", 1)]
    assert steps(listing, "3.15")[0].silences == "zz.pth"


def test_only_versions_that_count_are_listed(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"zz.pth": "  import sys; sys.settrace(print)\n"})
    listing = listed(path, pythons=("3.12",))
    assert [order.pythons for order in listing.starts[0].orders] == [("3.12",)]
    assert listing.outcome is Outcome.PASS
    assert listed(path, pythons=("3.15",)).outcome is Outcome.FAIL


def test_every_finding_that_decides_is_shown(tmp_path: Path) -> None:
    broken = {"zz.pth": b"import os\n" + b"\xff\xfe", "big.pth": b"#" * (DEFAULT.startup_bytes + 1)}
    listing = listed(wheel(tmp_path, broken))
    assert listing.outcome is Outcome.FAIL
    (start,) = listing.starts
    shown = [row for order in start.orders for turn in order.steps for row in turn.findings]
    told = {(row.rule, row.path) for row in (*shown, *start.findings)}
    assert {("analysis-not-analysed", "zz.pth"), ("analysis-not-analysed", "big.pth")} <= told
    assert {row.path for row in start.not_analysed} == {"zz.pth", "big.pth"}


@pytest.mark.parametrize(
    ("fail_on", "outcome"), [(Severity.CRITICAL, Outcome.INCOMPLETE), (None, Outcome.INCOMPLETE)]
)
def test_an_unreadable_startup_file_leaves_the_listing_incomplete(
    tmp_path: Path, fail_on: Severity | None, outcome: Outcome
) -> None:
    path = wheel(tmp_path, {"big.pth": b"#" * (DEFAULT.startup_bytes + 1)})
    listing = listed(path, fail_on=fail_on)
    assert listing.outcome is outcome
    assert not listing.complete


def test_unreadable_files_that_only_an_import_runs_do_not(tmp_path: Path) -> None:
    listing = listed(wheel(tmp_path, {"demo.py": "def settrace(:\n    sys.settrace\n"}))
    assert listing.outcome is Outcome.PASS
    assert listing.complete


def test_nothing_to_list(tmp_path: Path) -> None:
    assert listed(tree(tmp_path / "empty", {})).outcome is Outcome.EMPTY
    assert listed(tmp_path / "gone").outcome is Outcome.INCOMPLETE


def test_prefix_files_come_first_and_those_of_tools_last(tmp_path: Path) -> None:
    files = {
        "demo-1.0.data/data/bin/python._pth": ".\n",
        "demo-1.0.data/data/pip.conf": "[global]\nindex-url = https://index.invalid/\n",
        "zz.pth": "import os\n",
    }
    listing = listed(wheel(tmp_path, files))
    assert [(turn.path, turn.phase) for turn in steps(listing)] == [
        ("{prefix}/bin/python._pth", "interpreter"),
        ("zz.pth", "site"),
        ("{prefix}/pip.conf", "later"),
    ]
