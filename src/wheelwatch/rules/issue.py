"""Hits on what is wrong with a container."""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.archive import Issue
from wheelwatch.catalogue.severity import issue_severity
from wheelwatch.model import ArchiveIssue, LinkedPackage, Trigger
from wheelwatch.rules.hit import Hit


def of_issues(package: LinkedPackage, issues: frozenset[Issue]) -> Iterator[Hit]:
    """A hit on every issue of these kinds; worse when it is about something that runs at startup."""
    running = _running(package)
    for found in package.distribution.issues:
        if found.issue in issues:
            yield _of_issue(package, found, at_startup=found.path in running)


def _running(package: LinkedPackage) -> set[str]:
    """Startup files of the package, and its modules that they or those of another package execute."""
    return {linked.entry.member.path for linked in package.entries} | set(package.started)


def _of_issue(package: LinkedPackage, found: ArchiveIssue, *, at_startup: bool) -> Hit:
    issue = Issue(found.issue)
    return Hit(
        row="issue",
        severity=issue_severity(issue, at_startup=at_startup),
        trigger=Trigger.STARTUP if at_startup else Trigger.INSTALL,
        message=issue.meaning + (f": {found.detail}" if found.detail else ""),
        path=found.path,
        line=0,
        column=0,
        snippet="",
        pythons=package.distribution.pythons,
        api=issue.value,
    )
