"""The whole tool finds every snippet with trigger ``import``, also those that are split over two files."""

from __future__ import annotations

import pytest

import wheelwatch
from tests.evasions.table import FAMILIES, snippets
from wheelwatch.model import Finding, Kind, Severity, Trigger

ALL = snippets()
AT_IMPORT = {Trigger.IMPORT, Trigger.STARTUP, Trigger.AUTOLOAD, Trigger.INSTALL}
MEDIUM = {Kind.TRACE, Kind.PROFILE, Kind.MONITOR, Kind.AUDIT, Kind.IMPORT, Kind.NATIVE, Kind.EVAL_FRAME}


def _relative(text: str) -> str:
    """The same program as part of a package."""
    text = text.replace("from neighbour", "from .neighbour")
    return text.replace("import neighbour\n", "from . import neighbour\n")


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Finding]]:
    """One scan of a site directory in which each snippet is a package of its own."""
    root = tmp_path_factory.mktemp("tool") / "site-packages"
    for number, snippet in enumerate(ALL):
        package = root / f"case{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("from . import snippet\n", encoding="utf-8")
        for name, text in snippet.files:
            (package / name).write_text(_relative(text), encoding="utf-8")
    report = wheelwatch.scan([str(root)])
    found: dict[int, list[Finding]] = {}
    for package_report in report.packages:
        for finding in package_report.findings:
            head = finding.path.split("/")[0]
            if head.startswith("case"):
                found.setdefault(int(head[4:]), []).append(finding)
    return found


@pytest.mark.processes
def test_the_tool_finds_every_snippet(findings: dict[int, list[Finding]]) -> None:
    missed = []
    for number, snippet in enumerate(ALL):
        if snippet.is_quiet:
            continue
        worst = max(
            (one.severity for one in findings.get(number, ()) if one.trigger in AT_IMPORT), default=None
        )
        least = Severity.MEDIUM if FAMILIES[snippet.effect] in MEDIUM else Severity.LOW
        if worst is None or worst < least:
            missed.append(f"{snippet.row}: {snippet.name}: {worst}")
    assert not missed, "\n".join(missed)


@pytest.mark.processes
def test_near_misses_stay_quiet(findings: dict[int, list[Finding]]) -> None:
    loud = [
        f"{snippet.row}: {snippet.name}: {one.rule} {one.severity.label}"
        for number, snippet in enumerate(ALL)
        if snippet.is_quiet
        for one in findings.get(number, ())
        if one.trigger in AT_IMPORT and one.severity >= Severity.MEDIUM
    ]
    assert not loud, "\n".join(loud)
