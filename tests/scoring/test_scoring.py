"""The score: band edges, and the laws that it must keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelwatch.model import Confidence, Finding, Level, RuleId, Severity, Trigger
from wheelwatch.scoring import BANDS, LEVELS, score


def finding(
    rule: str,
    severity: Severity,
    trigger: Trigger = Trigger.IMPORT,
    *,
    path: str = "a.py",
    applies: bool = True,
) -> Finding:
    return Finding(
        rule=RuleId(rule),
        severity=severity,
        trigger=trigger,
        confidence=Confidence.HIGH,
        applies=applies,
        api=None,
        message="",
        path=path,
        line=1,
        column=1,
        snippet="",
        chain=(),
        pythons=("3.12",),
        known=None,
        fingerprint="",
    )


findings = st.builds(
    finding,
    st.sampled_from([f"hook-{letter}" for letter in "abcdefgh"]),
    st.sampled_from(Severity),
    st.sampled_from(Trigger),
    path=st.sampled_from(["a.py", "b.py"]),
    applies=st.booleans(),
)


@pytest.mark.parametrize(
    ("severity", "level", "low", "high"),
    [
        (Severity.INFO, Level.NONE, 0, 0),
        (Severity.LOW, Level.LOW, 1, 29),
        (Severity.MEDIUM, Level.MEDIUM, 30, 59),
        (Severity.HIGH, Level.HIGH, 60, 84),
        (Severity.CRITICAL, Level.CRITICAL, 85, 100),
    ],
)
def test_band_edges(severity: Severity, level: Level, low: int, high: int) -> None:
    assert score([finding("hook-a", severity)]).score == low
    many = [finding(f"hook-{n}", severity, trigger) for n in range(60) for trigger in Trigger]
    assert (score(many).score, score(many).level) == (high, level)


def test_nothing_is_none() -> None:
    assert (score([]).score, score([]).level) == (0, Level.NONE)


def test_one_more_high_pair_moves_by_its_weight() -> None:
    result = score([finding("hook-a", Severity.HIGH), finding("hook-b", Severity.HIGH)])
    assert result.score == 60 + round(24 * 0.30)
    assert [part.points for part in result.reasons] == [60, 7]


def test_what_does_not_apply_counts_for_nothing() -> None:
    assert score([finding("hook-a", Severity.CRITICAL, applies=False)]).score == 0


@given(st.lists(findings), findings)
def test_more_findings_never_lower_it(some: list[Finding], more: Finding) -> None:
    assert score([*some, more]).score >= score(some).score


@given(st.lists(findings).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_order_does_not_matter(pair: tuple[list[Finding], list[Finding]]) -> None:
    assert score(pair[0]) == score(pair[1])


@given(st.lists(findings))
def test_splitting_over_files_does_not_matter(some: list[Finding]) -> None:
    spread = [
        finding(f.rule, f.severity, f.trigger, path=f"{n}.py", applies=f.applies)
        for n, f in enumerate(some)
    ]
    assert score(some * 2).score == score(spread).score


@given(st.lists(findings))
def test_score_lies_in_the_band_of_the_worst(some: list[Finding]) -> None:
    result = score(some)
    worst = max((f.severity for f in some if f.applies), default=Severity.INFO)
    low, high = BANDS[result.level]
    assert result.level is LEVELS[worst]
    assert low <= result.score <= high
    assert sum(part.points for part in result.reasons) == result.score
