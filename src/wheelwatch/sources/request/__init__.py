"""WHAT is asked for: requirements files, projects, lock files and names, each line accounted for."""

from wheelwatch.sources.request.gathering import Inputs, gather
from wheelwatch.sources.request.model import (
    Asked,
    Direct,
    DirectKind,
    Locked,
    Option,
    Plan,
    Requirement,
)

__all__ = [
    "Asked",
    "Direct",
    "DirectKind",
    "Inputs",
    "Locked",
    "Option",
    "Plan",
    "Requirement",
    "gather",
]
