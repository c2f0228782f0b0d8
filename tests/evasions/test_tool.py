"""The whole tool gives every snippet the severity of the table at trigger ``import``; near misses none."""

from __future__ import annotations

import re
import unicodedata

import pytest

import wheelwatch
from tests.evasions.site import fill
from tests.evasions.table import FAMILIES, Snippet, snippets
from wheelwatch.catalogue.severity import row_of, severity
from wheelwatch.model import Finding, Kind, Severity, Trigger
from wheelwatch.rules.listing import RULES

ALL = snippets()
INSTEAD = {"hook-dynamic-access": "access-hidden", "payload-decode-run": row_of(Kind.DECODE_RUN)}
"""Rules that stand for a hook whose name cannot be told, with the row of the table that they follow."""
RULE_OF = {kind: rule.ID for rule in RULES for kind in getattr(rule, "KINDS", ())}
MEDIUM = {Kind.TRACE, Kind.PROFILE, Kind.MONITOR, Kind.AUDIT, Kind.IMPORT, Kind.NATIVE, Kind.EVAL_FRAME}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Finding]]:
    """One scan of a site directory in which each snippet is a package of its own."""
    root = fill(tmp_path_factory.mktemp("tool") / "site-packages")
    report = wheelwatch.scan([str(root)])
    found: dict[int, list[Finding]] = {}
    for package_report in report.packages:
        for finding in package_report.findings:
            head = finding.path.split("/")[0]
            if head.startswith("case") and head[4:].isdigit():
                found.setdefault(int(head[4:]), []).append(finding)
    return found


def of_hook(snippet: Snippet, found: list[Finding], *, instead: bool = True) -> list[Finding]:
    """The findings of the hook's family, and of those that stand for it; removals are none."""
    return [
        one
        for one in found
        if one.rule == RULE_OF[FAMILIES[snippet.effect]]
        or (instead and one.rule in INSTEAD and one.severity > Severity.INFO)
        if "removes or restores" not in one.message
    ]


def expected(snippet: Snippet, finding: Finding, trigger: Trigger) -> Severity | None:
    """The cell of the table, one step higher when the hook's name does not stand in the files."""
    row = INSTEAD.get(finding.rule) or row_of(FAMILIES[snippet.effect])
    cell = severity(row, trigger)
    if cell is None or finding.rule in INSTEAD:
        return cell
    text = unicodedata.normalize("NFKC", "".join(text for _, text in snippet.files))
    word = (finding.api or "").rpartition(".")[2]
    is_absent = not snippet.is_apart and re.search(rf"\b{re.escape(word)}\b", text) is None
    return Severity(cell + 1) if snippet.is_hidden or is_absent else cell


@pytest.mark.processes
def test_every_snippet_has_the_severity_of_the_table(findings: dict[int, list[Finding]]) -> None:
    wrong = []
    for number, snippet in enumerate(ALL):
        if snippet.is_quiet:
            continue
        found = [one for one in of_hook(snippet, findings.get(number, [])) if one.trigger is Trigger.IMPORT]
        worst = max(found, key=lambda one: one.severity, default=None)
        least = Severity.MEDIUM if FAMILIES[snippet.effect] in MEDIUM else Severity.LOW
        is_right = worst is not None and worst.severity == expected(snippet, worst, Trigger.IMPORT)
        if worst is None or not is_right or worst.severity < least:
            wrong.append(f"{snippet.row}: {snippet.name}: {worst and (worst.rule, worst.severity.label)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.processes
def test_near_misses_are_silent(findings: dict[int, list[Finding]]) -> None:
    loud = [
        f"{snippet.row}: {snippet.name}: {one.trigger.value} {one.rule} {one.severity.label}"
        for number, snippet in enumerate(ALL)
        if snippet.is_quiet and not snippet.is_later
        for one in of_hook(snippet, findings.get(number, []))
    ]
    assert not loud, "\n".join(loud)


@pytest.mark.processes
def test_what_nobody_calls_has_the_severity_of_a_call(findings: dict[int, list[Finding]]) -> None:
    wrong = []
    for number, snippet in enumerate(ALL):
        if not snippet.is_later:
            continue
        found = of_hook(snippet, findings.get(number, []), instead=False)
        right = [one.severity == expected(snippet, one, Trigger.CALL) for one in found]
        if not found or not all(right) or any(one.trigger is not Trigger.CALL for one in found):
            seen = [(one.trigger.value, one.rule, one.severity.label) for one in found]
            wrong.append(f"{snippet.row}: {snippet.name}: {seen}")
    assert not wrong, "\n".join(wrong)
