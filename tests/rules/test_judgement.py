"""The severity of findings: table, adjustments, order, fingerprints, failing rules."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.reach.written import line, member
from tests.rules.made import package, reached
from wheelwatch.archive import Issue
from wheelwatch.catalogue.severity import table
from wheelwatch.model import (
    ArchiveIssue,
    BuildRoot,
    Confidence,
    Finding,
    Kind,
    LinkedEntry,
    NotAnalysed,
    PackageKind,
    Reached,
    Reason,
    RuleId,
    Severity,
    StartupEntry,
    StartupKind,
    Trigger,
)
from wheelwatch.rules import RULES, catalogue, explain, judge

TABLE = {
    Kind.TRACE: "high high high medium low info",
    Kind.IMPORT: "high medium medium medium low info",
    Kind.EXCEPTION: "medium medium medium low info info",
    Kind.PROCESS: "critical high high high info info",
    Kind.DYNAMIC_ACCESS: "high medium medium none none none",
}


def only(*sites: Reached, **fields: Any) -> Finding:
    (finding,) = judge(package(*sites, **fields))
    return finding


def severity(trigger: Trigger = Trigger.IMPORT, **fields: Any) -> str:
    found = judge(package(reached(trigger, **fields)))
    return found[0].severity.label if found else "none"


@pytest.mark.parametrize("kind", TABLE)
def test_table_of_the_design(kind: Kind) -> None:
    assert [severity(trigger, kind=kind) for trigger in Trigger] == TABLE[kind].split()


def test_every_kind_has_exactly_one_rule() -> None:
    kinds = [kind for rule in RULES for kind in getattr(rule, "KINDS", ()) if isinstance(kind, Kind)]
    assert sorted(kinds) == sorted(Kind)


def test_every_issue_has_exactly_one_rule_and_a_severity() -> None:
    issues = [issue for rule in RULES for issue in getattr(rule, "ISSUES", ())]
    assert sorted(issues) == sorted(Issue)
    assert set(table().issues) == {issue.value for issue in Issue}


def test_rules_have_unique_ids_and_whole_documentation() -> None:
    pages = catalogue()
    assert len({page.id for page in pages}) == len(pages)
    assert all(page.title and page.why and page.fine and page.instead for page in pages)
    assert explain("hook-trace") in pages
    assert explain("nothing-like-it") is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"clears": True}, "info"),
        ({"own_names": True, "kind": Kind.IMPORT}, "info"),
        ({"own_names": True, "kind": Kind.MODULES}, "info"),
        ({"obfuscated": True}, "high"),
        ({"confidence": Confidence.LOW}, "low"),
        ({"confidence": Confidence.LOW, "obfuscated": True}, "high"),
        ({"guard": "env:DEBUG"}, "low"),
        ({"guard": "platform and env:DEBUG"}, "low"),
        ({"guard": "platform"}, "medium"),
        ({"guard": "env:HOME"}, "medium"),
        ({"guard": "ci"}, "medium"),
        ({"kind": Kind.DYNAMIC_ACCESS, "obfuscated": True}, "medium"),
    ],
)
def test_adjustments(fields: dict[str, Any], expected: str) -> None:
    assert severity(**fields) == expected


def test_own_names_at_startup_are_two_steps_lower() -> None:
    assert severity(Trigger.STARTUP, own_names=True, kind=Kind.IMPORT) == "low"


def test_severity_stays_within_the_scale() -> None:
    assert severity(Trigger.STARTUP, kind=Kind.PROCESS, obfuscated=True) == "critical"
    assert severity(Trigger.CALL, kind=Kind.PROCESS, confidence=Confidence.LOW) == "info"


def test_what_runs_on_no_version_that_counts_does_not_apply() -> None:
    finding = only(reached(pythons=("3.8",)), pythons=("3.12",))
    assert not finding.applies
    assert finding.pythons == ("3.8",)


def test_worst_first_then_by_place() -> None:
    found = judge(
        package(
            reached(line=9),
            reached(line=2),
            reached(Trigger.CALL, path="a.py", kind=Kind.PROCESS, api="os.system"),
        )
    )
    assert [(finding.severity, finding.path, finding.line) for finding in found] == [
        (Severity.MEDIUM, "p.py", 2),
        (Severity.MEDIUM, "p.py", 9),
        (Severity.INFO, "a.py", 3),
    ]


def test_the_removal_is_named_with_its_line() -> None:
    finding = only(reached(line=17, clears=True))
    assert "line 17" in finding.message
    assert finding.severity is Severity.INFO


def test_a_failing_rule_costs_only_itself() -> None:
    def fail(_package: object) -> None:
        raise RuntimeError("no")

    broken = SimpleNamespace(ID=RuleId("hook-broken"), find=fail, __doc__="")
    found = judge(package(reached()), (*RULES, broken))
    assert [finding.rule for finding in found] == ["analysis-rule-failed", "hook-trace"]
    assert "hook-broken failed: RuntimeError: no" in found[0].message


def test_fingerprint_ignores_lines_and_versions_but_not_evidence() -> None:
    base = only(reached(line=3)).fingerprint
    assert only(reached(line=300)).fingerprint == base
    assert only(reached(line=3), version="2.0").fingerprint == base
    assert only(reached(api="sys.setprofile", kind=Kind.PROFILE)).fingerprint != base
    assert only(reached(path="q.py")).fingerprint != base


def test_equal_evidence_twice_has_two_fingerprints() -> None:
    first, second = judge(package(reached(line=3), reached(line=4)))
    assert first.fingerprint == only(reached()).fingerprint
    assert second.fingerprint != first.fingerprint


def entry(kind: StartupKind, path: str, **fields: Any) -> StartupEntry:
    rest: dict[str, Any] = {"line": 1, "text": "", "pythons": ("3.12",)} | fields
    return StartupEntry(kind=kind, distribution=0, member=member(path), **rest)


def startup(
    found: StartupEntry, kind: PackageKind = PackageKind.WHEEL, **fields: Any
) -> list[tuple[str, str]]:
    linked = LinkedEntry(entry=found, sites=(), modules=(), **fields)
    return [(f.rule, f.severity.label) for f in judge(package(entries=(linked,), kind=kind))]


@pytest.mark.parametrize(
    ("kind", "rule", "expected"),
    [
        (StartupKind.SITECUSTOMIZE, "startup-module", "medium"),
        (StartupKind.USERCUSTOMIZE, "startup-module", "medium"),
        (StartupKind.APPORT, "startup-module", "medium"),
        (StartupKind.SQUAT, "startup-squatted-name", "high"),
        (StartupKind.PREFIX, "startup-prefix", "high"),
        (StartupKind.PTH_PATH, "startup-path", "info"),
    ],
)
def test_startup_entries(kind: StartupKind, rule: str, expected: str) -> None:
    assert startup(entry(kind, "x.py")) == [(rule, expected)]


def test_every_line_is_a_finding_with_its_line_and_pythons() -> None:
    entries = tuple(
        LinkedEntry(entry=line("a.pth", f"import m{n}", number=n, pythons=("3.15",)), sites=(), modules=())
        for n in (1, 4)
    )
    found = judge(package(entries=entries))
    assert [(f.rule, f.line, f.snippet, f.pythons) for f in found] == [
        ("startup-line", 1, "import m1", ("3.15",)),
        ("startup-line", 4, "import m4", ("3.15",)),
    ]
    assert [step.package for step in found[0].chain] == ["p"]


def test_known_lines_are_info_and_outrank_unowned() -> None:
    assert startup(line("a.pth", "import m"), PackageKind.UNOWNED, known="virtualenv") == [
        ("startup-line", "info")
    ]
    assert startup(line("a.pth", "import m"), PackageKind.UNOWNED) == [
        ("startup-unowned", "high"),
        ("startup-line", "medium"),
    ]


def test_a_known_line_with_a_foreign_module_is_high() -> None:
    assert ("startup-foreign-module", "high") in startup(line("a.pth", "import m"), foreign=True)


def test_start_entries_and_silencing() -> None:
    start = entry(StartupKind.START, "a.start", target="m:f", text="m:f")
    assert startup(start) == [("startup-entry", "high")], "the module is somebody else's"
    linked = LinkedEntry(entry=start, sites=(), modules=())
    (own,) = judge(package(entries=(linked,), members=(member("m.py"),)))
    assert (own.rule, own.severity.label) == ("startup-entry", "medium")
    assert startup(entry(StartupKind.START, "a.start", silences="a.pth")) == [("startup-silenced", "high")]


def test_own_pth_may_be_silenced() -> None:
    linked = LinkedEntry(entry=entry(StartupKind.START, "a.start", silences="a.pth"), sites=(), modules=())
    assert judge(package(entries=(linked,), members=(member("a.pth"),))) == ()


@pytest.mark.parametrize(
    ("path", "trigger", "anchors", "expected"),
    [
        ("sitecustomize.py", Trigger.STARTUP, (), "high"),
        ("p/x.py", Trigger.STARTUP, (), "medium"),
        ("p/x.py", Trigger.INSTALL, (), "medium"),
        ("p/x.py", Trigger.IMPORT, ("settrace",), "medium"),
        ("p/x.py", Trigger.IMPORT, (), "info"),
    ],
)
def test_what_was_not_analysed(
    path: str, trigger: Trigger, anchors: tuple[str, ...], expected: str
) -> None:
    lost = NotAnalysed(reason=Reason.SYNTAX, detail="line 1", anchors=anchors)
    (finding,) = judge(package(not_analysed=((member(path), lost, trigger),)))
    assert (finding.rule, finding.severity.label) == ("analysis-not-analysed", expected)


def test_archive_issues_weigh_more_on_a_startup_path() -> None:
    issue = ArchiveIssue(issue="record-hash", path="a.pth", detail="")
    assert only(issues=(issue,)).severity is Severity.MEDIUM
    linked = LinkedEntry(entry=line("a.pth", "import m"), sites=(), modules=())
    found = judge(package(entries=(linked,), issues=(issue,)))
    assert [(f.rule, f.severity) for f in found] == [
        ("archive-record", Severity.HIGH),
        ("startup-line", Severity.MEDIUM),
    ]


def test_build_code_is_named() -> None:
    setup = member("p-1.0/setup.py", None)
    build = (BuildRoot(path=setup.path, is_main=True),)
    finding = only(kind=PackageKind.SDIST, members=(setup,), build=build)
    assert (finding.rule, finding.severity, finding.path) == (
        "build-code",
        Severity.INFO,
        "{source}/p-1.0/setup.py",
    )
