"""The baseline: bound to evidence, readable, and refused when it is not as it must be."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report import samples
from wheelwatch import escape
from wheelwatch.errors import DataError
from wheelwatch.gate import Baseline, Gate, Policy, Signature, govern
from wheelwatch.gate import baseline as baselines
from wheelwatch.model import (
    Confidence,
    Evidence,
    Finding,
    Outcome,
    Report,
    RuleId,
    Ruling,
    Severity,
    Standing,
    Trigger,
)
from wheelwatch.report import github, junit, markdown, sarif
from wheelwatch.report import text as text_form

TODAY = dt.date(2026, 11, 22)
SIGNATURE = Signature(reason="known", who="ada", date=TODAY)
PIECES = (
    Evidence(path="demo/_boot.py", function="<module>", digest="1" * 32),
    Evidence(path="demo/_hooks.py", function="install", digest="2" * 32),
)


def row(**changes: Any) -> Finding:
    return samples.finding(**({"evidence": PIECES} | changes))


def approved(*rows: Finding, package: str = "demo", **changes: Any) -> Baseline:
    signature = msgspec.structs.replace(SIGNATURE, **changes)
    entries = tuple(baselines.entry(package, finding, signature) for finding in rows)
    return Baseline(version=1, approved=entries)


def ruled(baseline: Baseline, *rows: Finding, **changes: Any) -> Report:
    report = samples.report(samples.package(*rows), **changes)
    return govern(report, Gate(today=TODAY, baseline=baseline, path="b.toml"))


def standing(report: Report) -> Standing:
    found = report.packages[0].findings[0].standing
    assert found is not None
    return found


def test_what_is_approved_does_not_stop_a_run_and_is_still_told() -> None:
    report = ruled(approved(row()), row(line=99, pythons=("3.12",), confidence=Confidence.LOW))
    assert report.outcome is Outcome.PASS
    found = standing(report)
    assert (found.ruling, found.reason, found.who, found.date) == (
        Ruling.APPROVED,
        "known",
        "ada",
        "2026-11-22",
    )
    assert report.baseline is not None
    assert (report.baseline.path, report.baseline.stale, report.baseline.expired) == ("b.toml", (), ())


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        (
            {"evidence": (PIECES[0], Evidence(path="demo/_hooks.py", function="install", digest="3" * 32))},
            "startup code changed: demo/_hooks.py install",
        ),
        ({"evidence": PIECES[:1]}, "startup code changed: gone demo/_hooks.py install"),
        (
            {"evidence": (*PIECES, Evidence(path="demo/x.py", function="<module>", digest="4" * 32))},
            "startup code changed: new demo/x.py <module>",
        ),
        ({"severity": Severity.CRITICAL}, "it is critical now, approved was high"),
    ],
)
def test_other_evidence_opens_it_again(changes: dict[str, Any], detail: str) -> None:
    report = ruled(approved(row()), row(**changes))
    assert report.outcome is Outcome.FAIL
    assert standing(report).ruling is Ruling.CHANGED
    assert standing(report).detail == detail
    assert report.baseline is not None
    assert report.baseline.stale == ()


@pytest.mark.parametrize(
    ("old", "new", "ruling"),
    [
        ("zz.pth", "zz.pth", Ruling.APPROVED),
        ("docs/readme.txt", "zz.pth", Ruling.CHANGED),
        ("", "zz.pth", Ruling.CHANGED),
        ("x-5.0-py3.11-nspkg.pth", "x-6.0rc1-py3.11-nspkg.pth", Ruling.APPROVED),
        ("a1_coverage.pth", "a2_coverage.pth", Ruling.CHANGED),
        ("bad\\udcff.pth", "bad\udcff.pth", Ruling.APPROVED),
    ],
)
def test_an_entry_cannot_name_another_file_than_it_approves(old: str, new: str, ruling: Ruling) -> None:
    (entry,) = approved(row()).approved
    baseline = Baseline(version=1, approved=(msgspec.structs.replace(entry, path=old),))
    found = standing(ruled(baseline, row(path=new)))
    assert found.ruling is ruling
    if ruling is Ruling.CHANGED:
        assert found.detail == f"it is in {new}, approved was {old or 'no file'}"


def test_what_runs_earlier_than_approved_is_open_again_and_what_runs_later_is_not() -> None:
    at_import = row(trigger=Trigger.IMPORT, evidence=())
    report = ruled(approved(at_import), row(evidence=()))
    assert standing(report).detail == "it runs at startup now, approved was import"
    assert report.outcome is Outcome.FAIL
    assert ruled(approved(row(evidence=())), at_import).outcome is Outcome.PASS


def test_a_lower_severity_is_still_approved() -> None:
    assert (
        ruled(approved(row()), row(severity=Severity.MEDIUM), fail_on=Severity.LOW).outcome is Outcome.PASS
    )


@pytest.mark.parametrize(
    "changes", [{"fingerprint": "0" * 32}, {"rule": RuleId("hook-gc")}, {"package": "other"}]
)
def test_another_finding_is_not_approved_and_the_entry_is_stale(changes: dict[str, Any]) -> None:
    package = changes.pop("package", "demo")
    report = ruled(approved(row(), package=package), row(**changes))
    assert report.outcome is Outcome.FAIL
    assert report.packages[0].findings[0].standing is None
    assert report.baseline is not None
    (entry,) = report.baseline.stale
    assert (entry.package, entry.rule, entry.reason) == (package, "hook-trace", "known")


@pytest.mark.parametrize(
    ("days", "ruling"), [(-1, Ruling.EXPIRED), (0, Ruling.APPROVED), (1, Ruling.APPROVED)]
)
def test_the_last_day_counts(days: int, ruling: Ruling) -> None:
    report = ruled(approved(row(), expires=TODAY + dt.timedelta(days=days)), row())
    assert standing(report).ruling is ruling
    assert report.baseline is not None
    assert len(report.baseline.expired) == (ruling is Ruling.EXPIRED)
    assert report.outcome is (Outcome.FAIL if ruling is Ruling.EXPIRED else Outcome.PASS)


def test_a_file_that_was_not_analysed_is_approved_with_its_finding() -> None:
    lost = row(rule=RuleId("analysis-not-analysed"), severity=Severity.MEDIUM, fingerprint="e" * 32)
    package = samples.package(lost, not_analysed=(samples.unread(decisive=True),))
    report = samples.report(package, complete=False, outcome=Outcome.INCOMPLETE)
    assert govern(report, Gate(today=TODAY)).outcome is Outcome.INCOMPLETE
    done = govern(report, Gate(today=TODAY, baseline=approved(lost)))
    assert (done.outcome, done.complete) == (Outcome.PASS, True)
    off = Policy(rules={"analysis-not-analysed": "off"})
    assert govern(report, Gate(today=TODAY, policy=off)).outcome is Outcome.INCOMPLETE


def test_errors_are_never_approved() -> None:
    report = ruled(approved(row()), row(), errors=(samples.failure(),))
    assert report.outcome is Outcome.INCOMPLETE


def test_every_startup_file_must_be_in_it_where_the_policy_says_so() -> None:
    rules = Policy(startup_files="approve")
    line = row(rule=RuleId("startup-line"), severity=Severity.INFO, path="zz.pth", known="demo")
    report = samples.report(samples.package(line))
    both = Gate(today=TODAY, policy=rules, baseline=approved(line))
    assert govern(report, both).outcome is Outcome.PASS
    other = samples.report(samples.package(row(**{**_fields(line), "fingerprint": "0" * 32})))
    changed = govern(other, both)
    assert changed.outcome is Outcome.FAIL
    assert standing(changed).detail == "startup code changed: another line"
    denied = govern(report, Gate(today=TODAY, policy=Policy(startup_files="deny"), baseline=approved(line)))
    assert (denied.outcome, standing(denied).ruling) == (Outcome.FAIL, Ruling.DENIED)


LINE = Evidence(path="zz.pth", function="<line>", digest="7" * 32)
BOOT = Evidence(path="demo/_boot.py", function="<module>", digest="8" * 32)


def startup(text: str, number: int, *evidence: Evidence, path: str = "zz.pth") -> Finding:
    return row(
        rule=RuleId("startup-line"),
        severity=Severity.INFO,
        path=path,
        line=number,
        snippet=text,
        fingerprint=str(number) * 32,
        evidence=evidence or (LINE, BOOT),
    )


def details(baseline: Baseline, *rows: Finding) -> list[tuple[str, str]]:
    found = ruled(baseline, *rows).packages[0].findings
    return [(row.standing.ruling.value, row.standing.detail) for row in found if row.standing is not None]


def changed(piece: Evidence) -> Evidence:
    return msgspec.structs.replace(piece, digest="9" * 32)


def test_a_line_that_changed_is_told_with_what_it_was() -> None:
    old, new = startup("import demo; a()", 1), startup("import demo; b()", 2, changed(LINE), BOOT)
    said = 'startup code changed: it is "import demo; b()" now, approved was "import demo; a()"'
    assert details(approved(old), new) == [("changed", said)]
    both = startup(
        "import demo; b()", 2, changed(LINE), changed(BOOT), Evidence(path="x.py", function="f", digest="1")
    )
    assert details(approved(old), both) == [("changed", f"{said}; demo/_boot.py <module>; new x.py f")]
    assert details(approved(old), startup("import demo;  a()", 1)) == [("approved", "")]


def test_only_the_module_behind_a_line_changed() -> None:
    behind = startup("import demo", 1, LINE, changed(BOOT))
    assert details(approved(startup("import demo", 1)), behind) == [
        ("changed", "startup code changed: demo/_boot.py <module>")
    ]


def test_of_several_lines_the_one_that_is_gone_and_closest_is_named() -> None:
    old = [
        startup(f"import demo; {name}()", place) for place, name in enumerate(("alpha", "beta", "gamma"), 1)
    ]
    found = details(
        approved(*old), old[0], startup("import demo; betas()", 8), startup("import demo; gammas()", 9)
    )
    was = {detail.partition("approved was ")[2] for ruling, detail in found if ruling == "changed"}
    assert was == {'"import demo; beta()"', '"import demo; gamma()"'}
    beside = details(approved(*old), *old, startup("import evil", 9))
    assert sorted(beside)[3:] == [("changed", 'startup code changed: new line "import evil"')]


def test_a_line_is_found_again_in_the_file_of_another_version() -> None:
    old = startup("import a", 1, path="demo-1.0-py3.11-nspkg.pth")
    new = startup("import b", 2, path="demo-2.0-py3.11-nspkg.pth")
    ((_, detail),) = details(approved(old), new)
    assert detail.startswith('startup code changed: it is "import b" now, approved was "import a"')


def test_a_site_at_startup_that_says_something_else_is_told_with_what_it_was() -> None:
    old, new = row(), row(snippet="sys.settrace(other)", fingerprint="0" * 32)
    said = 'startup code changed: it is "sys.settrace(other)" now, approved was "sys.settrace(spy)"'
    assert details(approved(old), new) == [("changed", said)]
    assert details(approved(old), old, new) == [("approved", "")], "it stands beside what was approved"
    at_call = row(trigger=Trigger.CALL, snippet="sys.settrace(other)", fingerprint="0" * 32)
    assert details(approved(old), at_call) == []


def test_an_entry_without_text_still_holds_and_says_what_is_there_now(tmp_path: Path) -> None:
    old = startup("import a", 1)
    path = tmp_path / "b.toml"
    written = baselines.render(approved(old))
    path.write_text(written.replace('text = "import a"\n', ""))
    assert path.read_text() != written
    baseline = baselines.read(str(path))
    assert baselines.render(baseline) == path.read_text()
    assert details(baseline, old) == [("approved", "")]
    assert details(baseline, startup("import b", 2)) == [
        ("changed", 'startup code changed: it is "import b" now, approved was another line')
    ]


def test_a_long_line_is_kept_in_part(tmp_path: Path) -> None:
    (entry,) = approved(startup("x" * 5_000, 1)).approved
    assert len(entry.text) == 200
    by_hand = Baseline(version=1, approved=(msgspec.structs.replace(entry, text="y" * 5_000),))
    ((_, detail),) = details(by_hand, startup("z" * 5_000, 2))
    assert len(detail) < 600


@pytest.mark.parametrize("text", samples.INJECTIONS)
def test_a_hostile_line_is_text_in_the_baseline_and_in_every_format(text: str, tmp_path: Path) -> None:
    old, new = startup(text, 1), startup(f"{text}{text}", 2)
    path = tmp_path / "b.toml"
    path.write_text(baselines.render(approved(old)))
    baseline = baselines.read(str(path))
    assert baseline == approved(old)
    ((_, detail),) = details(baseline, new)
    assert f"approved was {escape.toml(text)}" in detail
    harmless = details_of(ruled(approved(startup("x", 1)), startup("xx", 2)))
    written = details_of(ruled(baseline, new))
    assert all(text.count("approved was") == 1 for text in written)
    assert [len(text.splitlines()) for text in written] == [len(text.splitlines()) for text in harmless]
    assert all(text.isprintable() for text in "".join(written).split("\n"))


def details_of(report: Report) -> list[str]:
    """The report in every format that a person or a service reads."""
    told = msgspec.structs.replace(report, fail_on=Severity.INFO)
    forms = (github, junit, markdown, sarif)
    return [form.render(told) for form in forms] + [text_form.render(told, width=10_000)]


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in ("rule", "severity", "path", "known")}


def test_it_is_written_sorted_and_reads_back_the_same(tmp_path: Path) -> None:
    rows = (row(), row(fingerprint="a" * 32, rule=RuleId("hook-gc"), evidence=()))
    written = approved(*rows, expires=TODAY, reason='a "reason"\\n\nof two lines')
    path = tmp_path / "b.toml"
    path.write_text(baselines.render(written))
    found = baselines.read(str(path))
    assert found == Baseline(version=1, approved=tuple(reversed(written.approved)))
    assert baselines.render(found) == path.read_text()


@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=30))
def test_any_text_reads_back_the_same(text: str) -> None:
    assert tomllib.loads(f"x = {escape.toml(text)}\n")["x"] == escape.json(text)
    assert "\n" not in escape.toml(text)


@pytest.mark.parametrize("text", samples.INJECTIONS)
def test_hostile_text_is_text(text: str, tmp_path: Path) -> None:
    hostile = row(
        path=text, evidence=(Evidence(path=text, function=text, digest="1" * 32),), fingerprint="f"
    )
    baseline = approved(hostile, package=text, reason=text, who=text)
    path = tmp_path / "b.toml"
    path.write_text(baselines.render(baseline))
    assert baselines.read(str(path)) == baseline
    report = samples.report(samples.package(hostile, name=text))
    assert govern(report, Gate(today=TODAY, baseline=baseline)).outcome is Outcome.PASS


GOOD = baselines.render(approved(row()))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "missing required field `version`"),
        ("version = 2\n", "version: is 2; this wheelwatch reads up to 1"),
        ("version = 0\n", "version: is 0"),
        ('version = "1"\n', "version: expected `int`, got `str`"),
        ("version = true\n", "version: expected `int`, got `bool`"),
        (GOOD + GOOD.partition("version = 1\n")[2], "approved[1]: approves what approved[0] approves"),
        (GOOD.replace('package = "demo"', 'package = "demo"\npackage = "demo"'), "is no TOML"),
        (GOOD.replace('who = "ada"', 'who = "ada"\nwhen = 1'), "approved[0].when: is no key"),
        (GOOD.replace('who = "ada"', "who = 1"), "approved[0].who: expected `str`, got `int`"),
        (GOOD.replace('who = "ada"\n', ""), "approved[0]: object missing required field `who`"),
        (GOOD.replace("date = 2026-11-22", 'date = "soon"'), "approved[0].date"),
        (GOOD.replace('"high"', '"worst"'), "approved[0].severity: worst is no severity"),
        (GOOD.replace('"startup"', '"often"'), "approved[0].trigger: invalid enum value"),
        (
            GOOD.replace('["install ', '[3, "install '),
            'approved[0].evidence."demo/_hooks.py"[0]: expected `str`, got `int`',
        ),
        ("approved = 3\nversion = 1\n", "approved: expected `array`, got `int`"),
        ("<<<<<<< HEAD\n" + GOOD, "is no TOML"),
    ],
)
def test_a_bad_one_is_refused_by_key(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "b.toml"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        baselines.read(str(path))
    assert what in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
