"""The words that every room shares: packages, members, facts, chains, findings, and the port between them.

Everything here is data without behaviour worth the name: frozen, comparable, cheap to send to a worker
and to store. What crosses a process or a cache is a ``msgspec.Struct``.
"""

from wheelwatch.model.facts import (
    Analysis,
    Binding,
    Edge,
    EdgeKind,
    Facts,
    FileFacts,
    Ref,
    Scope,
    Site,
    Sketch,
)
from wheelwatch.model.files import (
    ContainerKind,
    FileRef,
    Inline,
    Member,
    Nested,
    NotAnalysed,
    Reason,
    Source,
)
from wheelwatch.model.linked import (
    LinkedEntry,
    LinkedPackage,
    Reached,
    Sighting,
    Step,
)
from wheelwatch.model.listing import (
    Listing,
    Order,
    Start,
    Turn,
)
from wheelwatch.model.report import (
    Failure,
    Finding,
    Outcome,
    Package,
    Report,
    Unread,
)
from wheelwatch.model.sets import (
    ArchiveIssue,
    Distribution,
    EntryPoint,
    StartupEntry,
    StartupKind,
    TargetSet,
)
from wheelwatch.model.words import (
    SUPPORTED_PYTHONS,
    Confidence,
    Kind,
    Level,
    PackageKind,
    RuleId,
    Severity,
    Trigger,
    Version,
)

__all__ = [
    "SUPPORTED_PYTHONS",
    "Analysis",
    "ArchiveIssue",
    "Binding",
    "Confidence",
    "ContainerKind",
    "Distribution",
    "Edge",
    "EdgeKind",
    "EntryPoint",
    "Facts",
    "Failure",
    "FileFacts",
    "FileRef",
    "Finding",
    "Inline",
    "Kind",
    "Level",
    "LinkedEntry",
    "LinkedPackage",
    "Listing",
    "Member",
    "Nested",
    "NotAnalysed",
    "Order",
    "Outcome",
    "Package",
    "PackageKind",
    "Reached",
    "Reason",
    "Ref",
    "Report",
    "RuleId",
    "Scope",
    "Severity",
    "Sighting",
    "Site",
    "Sketch",
    "Source",
    "Start",
    "StartupEntry",
    "StartupKind",
    "Step",
    "TargetSet",
    "Trigger",
    "Turn",
    "Unread",
    "Version",
]
