"""Which files an ``import`` statement can execute, by their places alone."""

from __future__ import annotations

from wheelwatch.model import Member, Trigger
from wheelwatch.reach.places import FileId, Places

CUSTOMIZE = ("sitecustomize", "usercustomize")


def is_importable(places: Places, file: FileId) -> bool:
    """Whether some ``import`` statement can execute the file."""
    member = places.members[file]
    if member.place is None or member.place.startswith("{") or not places.is_source(file):
        return False
    name = member.place.rpartition("/")[2].rpartition(".")[0]
    return name.isidentifier() and name != "__main__" and not is_nested_customize(member)


def is_nested_customize(member: Member) -> bool:
    """Whether the member is a customize module in a folder, where no interpreter looks as installed."""
    folder, _, name = (member.place or "").rpartition("/")
    stem = name.partition(".")[0]
    if stem == "__init__":
        folder, _, stem = folder.rpartition("/")
    return bool(folder) and stem in CUSTOMIZE


def own_trigger(member: Member) -> Trigger:
    """When a file would run that nobody could look into, by its place alone."""
    if member.place is None or member.place.startswith("{"):
        return Trigger.CALL
    if "/" not in member.place and _is_startup_name(member.place):
        return Trigger.STARTUP
    return Trigger.DORMANT if is_nested_customize(member) else Trigger.IMPORT


def _is_startup_name(name: str) -> bool:
    return name.endswith((".pth", ".start")) or name.partition(".")[0] in CUSTOMIZE
