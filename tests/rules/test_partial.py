"""Work that was cut in a file is said, and decoded code that nobody read weighs like an unread file."""

from __future__ import annotations

import msgspec

from tests.reach.written import distribution, facts, line, member, port, target
from tests.rules.made import package
from wheelwatch.model import Reason, Trigger
from wheelwatch.reach import link
from wheelwatch.rules import judge


def test_a_cut_file_is_listed_and_weighs_little() -> None:
    (finding,) = judge(package(partial=((member("p.py"), ("budget",), Trigger.IMPORT),)))
    assert (finding.rule, finding.severity.label, finding.api) == ("analysis-partial", "info", "budget")
    (finding,) = judge(package(partial=((member("p.py"), ("budget",), Trigger.STARTUP),)))
    assert finding.severity.label == "low"


def test_notes_of_facts_reach_the_package() -> None:
    found = distribution("p", "p.py", "q.pth")
    short = msgspec.structs.replace(facts(), notes=("budget",))
    files = {"p.py": short, "q.pth:1": facts()}
    (linked,) = link(target(found), (line("q.pth", "import p"),), port(target(found), files))
    assert linked.partial == ()
    wanted = port(target(found), files)
    wanted.tokens = {"p.py": "sys as"}
    (linked,) = link(target(found), (), wanted)
    assert [(row[0].path, row[1], row[2]) for row in linked.partial] == [
        ("p.py", ("budget",), Trigger.IMPORT)
    ]
    assert linked.not_analysed == ()


def test_decoded_code_that_was_left_out_is_not_analysed() -> None:
    found = distribution("p", "p.py")
    files = {"p.py": msgspec.structs.replace(facts(), notes=("virtual-files",))}
    (linked,) = link(target(found), (), port(target(found), files, {"p.py": "sys as"}))
    ((where, lost, trigger),) = linked.not_analysed
    assert (where.path, lost.reason, trigger) == ("p.py", Reason.TOO_MANY_NODES, Trigger.IMPORT)
    assert lost.anchors
    assert {finding.severity.label for finding in judge(linked)} == {"medium", "info"}
