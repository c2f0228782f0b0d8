"""From the evidence of every rule to the findings of one package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from wheelwatch.model import Finding, LinkedPackage, RuleId, Step
from wheelwatch.rules import failure, fingerprint
from wheelwatch.rules.adjustment import judged
from wheelwatch.rules.hit import Hit
from wheelwatch.rules.listing import RULES, Rule
from wheelwatch.rules.ownership import modules


def judge(package: LinkedPackage, rules: tuple[Rule, ...] = RULES) -> tuple[Finding, ...]:
    """The findings of one package: severity descending, then path, line, column, rule.

    A rule that fails costs its own findings only; the failure is a finding too.
    """
    counts: Counter[str] = Counter()
    own = modules(package.distribution)
    findings = []
    for rule, hit in sorted(_hits(package, rules), key=_place):
        severity = judged(hit, own)
        if severity is None:
            continue
        evidence = fingerprint.of_hit(rule, package.distribution, hit)
        findings.append(
            Finding(
                rule=rule,
                severity=severity,
                trigger=hit.trigger,
                confidence=hit.confidence,
                applies=any(version in package.distribution.pythons for version in hit.pythons),
                api=hit.api,
                message=hit.message,
                path=hit.path,
                line=hit.line,
                column=hit.column,
                snippet=hit.snippet,
                chain=_named(hit.chain, package.distribution.name),
                pythons=hit.pythons,
                known=hit.known,
                fingerprint=fingerprint.numbered(evidence, counts[evidence]),
                evidence=hit.evidence,
            )
        )
        counts[evidence] += 1
    return tuple(sorted(findings, key=lambda finding: -finding.severity))


def _hits(package: LinkedPackage, rules: tuple[Rule, ...]) -> Iterator[tuple[RuleId, Hit]]:
    for rule in rules:
        try:
            yield from [(rule.ID, hit) for hit in rule.find(package)]
        except Exception as error:  # noqa: BLE001 - one rule on one package costs that rule only
            yield failure.ID, failure.of_error(rule.ID, error, package)


def _place(item: tuple[RuleId, Hit]) -> tuple[str, int, int, str]:
    rule, hit = item
    return hit.path, hit.line, hit.column, rule


def _named(chain: tuple[Step, ...], package: str) -> tuple[Step, ...]:
    """The chain with the package's name in steps that were made without it."""
    return tuple(step if step.package else msgspec.structs.replace(step, package=package) for step in chain)
