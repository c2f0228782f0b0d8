"""The policy: every key, and what is wrong with it told by the path of the key."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.report import samples
from wheelwatch.errors import DataError
from wheelwatch.gate import Gate, Policy, govern
from wheelwatch.gate import policy as policies
from wheelwatch.model import Finding, Level, Outcome, Report, RuleId, Ruling, Severity, Trigger

TODAY = dt.date(2026, 11, 22)
EVERY = """\
fail-on = "medium"
startup-files = "approve"
hook-users = ["coverage"]
min-age = 7
require-hashes = true
max-new-level = "low"

[rules]
hook-gc = "off"
hook-trace = "critical"

[[exceptions]]
package = "Demo"
trigger = "import"
reason = "our own"
rule = "hook-trace"
expires = 2027-01-31
"""


def policy(folder: Path, text: str, name: str = "policy.toml") -> Policy:
    path = folder / name
    path.write_text(text)
    return policies.read(str(path))


def ruled(rules: Policy, *rows: Finding, **changes: object) -> Report:
    report = samples.report(samples.package(*rows), **changes)
    return govern(report, Gate(today=TODAY, policy=rules))


def test_every_key_is_read(tmp_path: Path) -> None:
    found = policy(tmp_path, EVERY)
    assert found.threshold() is Severity.MEDIUM
    assert (found.startup_files, found.hook_users, found.min_age) == ("approve", ("coverage",), 7)
    assert (found.require_hashes, found.ceiling) == (True, Level.LOW)
    assert found.disabled == (RuleId("hook-gc"),)
    assert found.exceptions[0].expires == dt.date(2027, 1, 31)


def test_without_a_key_nothing_is_decided(tmp_path: Path) -> None:
    assert policy(tmp_path, "") == policies.NONE
    assert policies.NONE.threshold() is Severity.HIGH
    assert Policy(fail_on="never").threshold() is None


def test_a_project_file_holds_it_in_its_table(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.wheelwatch]\nfail-on = "low"\n'
    assert policy(tmp_path, text, "pyproject.toml").fail_on == "low"
    with pytest.raises(DataError, match=r"holds no \[tool\.wheelwatch\]"):
        policy(tmp_path, "[project]\n", "pyproject.toml")


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ('fail-an = "high"', "fail-an", "is no key that wheelwatch knows"),
        ('fail-on = "worst"', "fail-on", "invalid enum value 'worst'"),
        ("fail-on = 3", "fail-on", "expected"),
        ('min-age = "7"', "min-age", "expected `int`, got `str`"),
        ("min-age = -1", "min-age", "expected `int` >= 0"),
        ("require-hashes = 1", "require-hashes", "expected `bool`, got `int`"),
        ('startup-files = "ask"', "startup-files", "invalid enum value 'ask'"),
        ('[rules]\nhook-trac = "off"', "rules.hook-trac", "there is no rule of this name"),
        ('[rules]\nhook-trace = "none"', "rules.hook-trace", "invalid enum value 'none'"),
        ('[rules]\nhook-gc = "off"\nhook-trace = 3', "rules.hook-trace", "expected `str`, got `int`"),
        ('[rules]\n"a b.c" = 3', 'rules."a b.c"', "expected `str`, got `int`"),
        ('fail-on = "HIGH"', "fail-on", "invalid enum value 'HIGH'"),
        ('[[exceptions]]\npackage = "x"\ntrigger = "import"', "exceptions[0]", "missing required field"),
        (
            '[[exceptions]]\npackage = "x"\ntrigger = "import"\nreason = ""',
            "exceptions[0].reason",
            "length >= 1",
        ),
        (
            '[[exceptions]]\npackage = "x"\ntrigger = "often"\nreason = "y"',
            "exceptions[0].trigger",
            "invalid enum value 'often'",
        ),
        (
            '[[exceptions]]\npackage = "x"\ntrigger = "call"\nreason = "y"\nuntil = 2027-01-01',
            "exceptions[0].until",
            "is no key",
        ),
        (
            '[[exceptions]]\npackage = "x"\ntrigger = "call"\nreason = "y"\nexpires = "soon"',
            "exceptions[0].expires",
            "",
        ),
        (
            '[[exceptions]]\npackage = "x"\ntrigger = "call"\nreason = "y"\nrule = "nope"',
            "exceptions[0].rule",
            "there is no rule named nope",
        ),
        ("fail-on = ", "", "is no TOML"),
        ("\x00", "", "is no TOML"),
        ('a = "' + "x" * 10 + "\n", "", "is no TOML"),
        ("[" * 10_000, "", "is no TOML"),
    ],
)
@pytest.mark.parametrize("is_project", [False, True])
def test_what_is_wrong_is_told_by_key(
    tmp_path: Path, text: str, place: str, what: str, *, is_project: bool
) -> None:
    name = "pyproject.toml" if is_project else "policy.toml"
    if is_project:
        text = "[tool.wheelwatch]\n" + text.replace("[rules]", "[tool.wheelwatch.rules]").replace(
            "[[exceptions]]", "[[tool.wheelwatch.exceptions]]"
        )
    with pytest.raises(DataError) as caught:
        policy(tmp_path, text, name)
    key = f": tool.wheelwatch.{place}: " if is_project and place else f": {place}: " if place else ": "
    assert str(caught.value).startswith(f"{tmp_path / name}{key}")
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('fail-on = "HIGH"', "choose from info, low, medium, high, critical, never"),
        ("startup-files = 1", "choose from judge, approve, deny"),
        ('[rules]\nhook-trace = "Off"', "choose from off, info, low, medium, high, critical"),
        (
            '[[exceptions]]\npackage = "x"\ntrigger = "Call"\nreason = "y"',
            "choose from startup, install, autoload, import, call, dormant",
        ),
        ("hook-users = [1]", ""),
        (
            "[tool.wheelwatch]\nfail-on = 'low'",
            "write its keys at the top level of the file, or name the file pyproject.toml",
        ),
    ],
)
def test_what_may_stand_there_is_said(tmp_path: Path, text: str, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        policy(tmp_path, text)
    assert caught.value.hint == hint


def test_an_unknown_key_has_a_near_one(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        policy(tmp_path, 'startup-file = "deny"')
    assert caught.value.hint == "did you mean startup-files?"


@pytest.mark.parametrize("text", ["tool = 1\n", "[tool]\nwheelwatch = 1\n"])
def test_a_table_that_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match="is no table"):
        policy(tmp_path, text, "pyproject.toml")


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        policies.read(str(tmp_path / "gone.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(DataError, match="is not UTF-8"):
        policies.read(str(tmp_path / "bytes.toml"))


def test_the_current_directory_is_asked_unless_it_belongs_to_a_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "target" / "inner"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text('[tool.wheelwatch]\nfail-on = "never"\n')
    monkeypatch.chdir(inner)
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for target in (".", "..", str(tmp_path / "target"), str(tmp_path / "link"), "/"):
        found, source, note = policies.discover([target])
        assert (found, source) == (policies.NONE, None), target
        assert "belongs to the target" in note
    for target in ("x.whl", str(tmp_path / "target" / "inn"), str(inner / "wheels")):
        found, source, note = policies.discover([target])
        assert (found.fail_on, source, note) == ("never", "pyproject.toml", ""), target


def test_a_severity_of_ones_own_moves_the_level_and_leaves_the_known_alone() -> None:
    rows = (samples.finding(), samples.finding(known="demo", severity=Severity.INFO))
    report = ruled(Policy(rules={"hook-trace": "critical"}), *rows)
    assert [row.severity for row in report.packages[0].findings] == [Severity.CRITICAL, Severity.INFO]
    assert report.packages[0].level is Level.CRITICAL
    low = ruled(Policy(rules={"hook-trace": "low"}), *rows)
    assert (low.outcome, low.packages[0].level) == (Outcome.PASS, Level.LOW)


def test_a_rule_that_is_off_reports_nothing() -> None:
    report = ruled(Policy(rules={"hook-trace": "off"}), samples.finding())
    assert (report.outcome, report.packages[0].findings) == (Outcome.PASS, ())
    assert report.packages[0].level is Level.NONE
    assert report.disabled == (RuleId("hook-trace"),)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.PASS),
        ({"package": "DEMO"}, Outcome.PASS),
        ({"package": "other"}, Outcome.FAIL),
        ({"trigger": Trigger.IMPORT}, Outcome.FAIL),
        ({"rule": "hook-trace"}, Outcome.PASS),
        ({"rule": "hook-gc"}, Outcome.FAIL),
        ({"expires": TODAY}, Outcome.PASS),
        ({"expires": TODAY - dt.timedelta(days=1)}, Outcome.FAIL),
    ],
)
def test_an_exception_is_for_a_package_and_a_trigger(changes: dict[str, object], outcome: Outcome) -> None:
    fields = {"package": "demo", "trigger": Trigger.STARTUP, "reason": "because"} | changes
    exemption = policies.Exemption(**fields)  # type: ignore[arg-type]  # the cases are of these types
    report = ruled(Policy(exceptions=(exemption,)), samples.finding())
    assert report.outcome is outcome
    standing = report.packages[0].findings[0].standing
    assert (standing is not None and standing.reason == "because") is (outcome is Outcome.PASS)


@pytest.mark.parametrize(
    ("rule", "trigger", "outcome"),
    [
        ("hook-trace", Trigger.IMPORT, Outcome.PASS),
        ("hook-trace", Trigger.AUTOLOAD, Outcome.PASS),
        ("hook-trace", Trigger.STARTUP, Outcome.FAIL),
        ("hook-trace", Trigger.INSTALL, Outcome.FAIL),
        ("payload-network", Trigger.IMPORT, Outcome.FAIL),
    ],
)
def test_an_allowed_hook_user_may_have_hooks_that_do_not_start_by_themselves(
    rule: str, trigger: Trigger, outcome: Outcome
) -> None:
    row = samples.finding(rule=RuleId(rule), trigger=trigger)
    assert ruled(Policy(hook_users=("Demo",)), row).outcome is outcome
    assert ruled(Policy(hook_users=("other",)), row).outcome is Outcome.FAIL


@pytest.mark.parametrize("mode", ["approve", "deny"])
def test_startup_files_count_whatever_their_severity(mode: str) -> None:
    rules = Policy(startup_files="approve" if mode == "approve" else "deny")
    line = samples.finding(rule=RuleId("startup-line"), severity=Severity.INFO, known="coverage")
    report = ruled(rules, line)
    standing = report.packages[0].findings[0].standing
    assert standing is not None
    assert standing.ruling is (Ruling.REQUIRED if mode == "approve" else Ruling.DENIED)
    assert report.outcome is Outcome.FAIL
    assert ruled(rules, line, fail_on=None).outcome is Outcome.PASS, "never is never"
    elsewhere = samples.finding(rule=RuleId("startup-line"), severity=Severity.INFO, applies=False)
    assert ruled(rules, elsewhere).outcome is Outcome.PASS
    hook = samples.finding(severity=Severity.MEDIUM)
    assert ruled(rules, hook).outcome is Outcome.PASS


def test_errors_stay_and_an_empty_run_stays_empty() -> None:
    rules = Policy(rules={"hook-trace": "off"})
    report = ruled(rules, samples.finding(), errors=(samples.failure(),))
    assert (report.outcome, report.complete) == (Outcome.INCOMPLETE, False)
    empty = samples.report(outcome=Outcome.EMPTY)
    assert govern(empty, Gate(today=TODAY)).outcome is Outcome.EMPTY
