"""Linked packages made by hand."""

from __future__ import annotations

from typing import Any

from tests.reach.written import member, site
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    ArchiveIssue,
    Distribution,
    Kind,
    LinkedEntry,
    LinkedPackage,
    PackageKind,
    Reached,
    Step,
    Trigger,
)


def reached(
    trigger: Trigger = Trigger.IMPORT, *, path: str = "p.py", line: int = 3, **fields: Any
) -> Reached:
    found = site(line, **fields)
    step = Step(package="p", path=path, line=line, what=found.api, function="<module>")
    return Reached(
        site=found,
        member=member(path),
        trigger=trigger,
        chain=(step,),
        pythons=found.pythons,
        confidence=found.confidence,
        guard=found.guard,
    )


def package(
    *sites: Reached,
    entries: tuple[LinkedEntry, ...] = (),
    issues: tuple[ArchiveIssue, ...] = (),
    kind: PackageKind = PackageKind.WHEEL,
    version: str = "1.0",
    **fields: Any,
) -> LinkedPackage:
    distribution = Distribution(
        name="p",
        version=version,
        kind=kind,
        location="p.whl",
        sha256=None,
        members=fields.pop("members", ()),
        issues=issues,
        pythons=fields.pop("pythons", SUPPORTED_PYTHONS),
        build=fields.pop("build", ()),
    )
    return LinkedPackage(
        distribution=distribution,
        entries=entries,
        sites=sites,
        not_analysed=fields.pop("not_analysed", ()),
        **fields,
    )


__all__ = ["Kind", "package", "reached"]
