"""The rules that a team sets: ``[tool.wheelwatch]``, or a file of its own with the same keys."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch import rules
from wheelwatch.errors import DataError
from wheelwatch.gate.document import convert, load, table
from wheelwatch.model import Finding, Level, RuleId, Severity, Trigger

PROJECT = "pyproject.toml"
TABLE = ("tool", "wheelwatch")
STARTUP = "startup-"
HOOK = "hook-"
USING = frozenset({Trigger.AUTOLOAD, Trigger.IMPORT, Trigger.CALL, Trigger.DORMANT})
"""When an allowed hook user may have its hooks; at startup and while installing it is judged."""

Threshold: TypeAlias = Literal["info", "low", "medium", "high", "critical", "never"]
Grade: TypeAlias = Literal["off", "info", "low", "medium", "high", "critical"]
Ceiling: TypeAlias = Literal["none", "low", "medium", "high", "critical"]
Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]


class Exemption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one package may do at one trigger, and why."""

    package: Text
    trigger: Trigger
    reason: Text
    rule: str | None = None
    """This rule only; else every rule at that trigger."""
    expires: dt.date | None = None
    """The last day on which it holds."""

    def covers(self, package: str, finding: Finding, today: dt.date) -> bool:
        """Whether it is about this finding, of the package of this canonical name."""
        return (
            canonicalize_name(self.package) == package
            and self.trigger == finding.trigger
            and self.rule in (None, finding.rule)
            and (self.expires is None or today <= self.expires)
        )


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One policy; every key may be missing."""

    fail_on: Threshold | None = None
    rules: dict[str, Grade] = {}
    """By rule: its severity instead of the table's, or ``off``."""
    exceptions: tuple[Exemption, ...] = ()
    startup_files: Literal["judge", "approve", "deny"] = "judge"
    """With ``approve`` every startup file, known or not, must be in the baseline; with ``deny`` there may
    be none."""
    hook_users: tuple[Text, ...] = ()
    """Packages whose hooks are expected, unless they take hold at startup or while installing."""
    min_age: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Days for which the index must have had a file that ``audit`` takes."""
    require_hashes: bool = False
    """Every requirement that ``audit`` takes must come with a hash."""
    max_new_level: Ceiling | None = None
    """The level up to which ``diff`` takes a package that was not there before."""

    @property
    def disabled(self) -> tuple[RuleId, ...]:
        """The rules that are off."""
        return tuple(RuleId(rule) for rule, grade in self.rules.items() if grade == "off")

    @property
    def ceiling(self) -> Level | None:
        """The level of ``max-new-level``."""
        return None if self.max_new_level is None else Level[self.max_new_level.upper()]

    def threshold(self) -> Severity | None:
        """The severity of ``fail-on``, high without one; ``None`` for never."""
        word = self.fail_on or "high"
        return None if word == "never" else Severity[word.upper()]

    def grade(self, finding: Finding) -> Severity:
        """The severity of a finding; what is known good stays what it is."""
        word = self.rules.get(finding.rule, "off")
        return finding.severity if word == "off" or finding.known else Severity[word.upper()]

    def excuse(self, package: str, finding: Finding, today: dt.date) -> tuple[str, str] | None:
        """Why the policy takes a finding, and until when; ``package`` is its canonical name."""
        for exemption in self.exceptions:
            if exemption.covers(package, finding, today):
                return exemption.reason, exemption.expires.isoformat() if exemption.expires else ""
        is_user = package in {canonicalize_name(name) for name in self.hook_users}
        if is_user and finding.rule.startswith(HOOK) and finding.trigger in USING:
            return "an allowed hook user", ""
        return None


NONE = Policy()


def read(path: str) -> Policy:
    """The policy of a file: its top level, or ``[tool.wheelwatch]`` of a ``pyproject.toml``.

    Raises:
        DataError: it cannot be read, or a key is unknown or of the wrong type.
    """
    document = load(path)
    if Path(path).name != PROJECT:
        if table(document, path, TABLE[0]) is not None:
            hint = f"write its keys at the top level of the file, or name the file {PROJECT}"
            raise DataError(f"{path}: {TABLE[0]}", "is no key that wheelwatch knows", hint)
        return _checked(convert(document, Policy, path), path, "")
    found = table(document, path, *TABLE)
    if found is None:
        raise DataError(path, "holds no [tool.wheelwatch]", "add the table, or name another file")
    return _project(found, path)


def discover(targets: Iterable[str]) -> tuple[Policy, str | None, str]:
    """The policy of the current directory, the file that holds it, and a note for the user.

    The directory is not asked when it is a target or lies in one: it may belong to the target.

    Raises:
        DataError: the file cannot be read, or a key is unknown or of the wrong type.
    """
    if not Path(PROJECT).is_file():
        return NONE, None, ""
    inside = enclosing(targets)
    if inside is not None:
        note = f"{PROJECT} is not asked for a policy: the current directory belongs to the target {inside}"
        return NONE, None, note
    found = table(load(PROJECT), PROJECT, *TABLE)
    return (NONE, None, "") if found is None else (_project(found, PROJECT), PROJECT, "")


def enclosing(targets: Iterable[str]) -> str | None:
    """The target that the current directory is or lies in."""
    here = os.path.realpath(os.curdir)
    for target in targets:
        real = os.path.realpath(target)
        if here == real or here.startswith(real.rstrip(os.sep) + os.sep):
            return target
    return None


def _project(found: object, path: str) -> Policy:
    prefix = ".".join(TABLE)
    if not isinstance(found, Mapping):
        raise DataError(f"{path}: {prefix}", "is no table")
    return _checked(convert(found, Policy, path, prefix), path, f"{prefix}.")


def _checked(policy: Policy, path: str, prefix: str) -> Policy:
    known = {rule.ID for rule in rules.RULES}
    hint = "wheelwatch rules lists them all"
    for rule in policy.rules:
        if rule not in known:
            raise DataError(f"{path}: {prefix}rules.{rule}", "there is no rule of this name", hint)
    for number, exemption in enumerate(policy.exceptions):
        if exemption.rule is not None and exemption.rule not in known:
            place = f"{path}: {prefix}exceptions[{number}].rule"
            raise DataError(place, f"there is no rule named {exemption.rule}", hint)
    return policy
