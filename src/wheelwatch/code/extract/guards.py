"""What a test says about when the code behind it runs: guards by name, and the Pythons that are left."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from wheelwatch.code.extract.names import canonical
from wheelwatch.code.extract.values import Atom, Class, Const, Ext, Flag, Function, Partial, Value, Versions
from wheelwatch.model import SUPPORTED_PYTHONS, Version

_CI = frozenset(
    {"CI", "GITHUB_ACTIONS", "TRAVIS", "GITLAB_CI", "JENKINS_URL", "BUILD_NUMBER", "TF_BUILD", "CIRCLECI"}
)
_LABELS = {
    "sys.platform": "platform",
    "os.name": "platform",
    "platform": "platform",
    "os.uname": "platform",
    "sys.gettrace": "debugger",
    "sys.getprofile": "debugger",
    "sys.monitoring.get_tool": "debugger",
    "time": "time",
    "datetime": "time",
    "socket.gethostname": "host",
    "socket.getfqdn": "host",
    "getpass.getuser": "host",
    "os.getlogin": "host",
    "os.getuid": "host",
    "sys.implementation": "platform",
    "sys.modules": "debugger",
    "sys.version": "version",
}


def label(name: str) -> str:
    """The guard that a test of this outer name is."""
    parts = canonical(name).split(".")
    for end in range(len(parts), 0, -1):
        found = _LABELS.get(".".join(parts[:end]))
        if found:
            return found
    return "other"


def environment(name: str) -> str:
    """The label of a test of an environment variable."""
    return "ci" if name in _CI else f"env:{name}"


class Branches:
    """Both sides of a test: guard (``None``: none), Pythons, and whether the side is taken at all."""

    __slots__ = ("guard", "other_guard", "other_pythons", "pythons", "truth")

    def __init__(self) -> None:
        self.guard: str | None = "other"
        self.other_guard: str | None = "other"
        self.pythons: frozenset[Version] | None = None
        self.other_pythons: frozenset[Version] | None = None
        self.truth: bool | None = None


def split(value: Value) -> Branches:
    """What a test's value says about the two sides behind it."""
    sides = Branches()
    if len(value) == 1 and isinstance(value[0], Const):
        sides.truth = bool(value[0].value)
        sides.guard = sides.other_guard = None
        return sides
    if value and all(_is_true(atom) for atom in value):
        sides.truth = True
        sides.guard = sides.other_guard = None
        return sides
    for atom in value:
        if isinstance(atom, Flag):
            _by_default(sides, atom)
        elif isinstance(atom, Versions) and len(value) == 1:
            sides.pythons = atom.true
            sides.other_pythons = frozenset(SUPPORTED_PYTHONS) - atom.true
            sides.guard = sides.other_guard = "version"
        elif isinstance(atom, Ext):
            sides.guard = sides.other_guard = label(atom.name)
    return sides


def _is_true(atom: Atom) -> bool:
    """Whether something is true whatever happens: a function, a class, a builtin."""
    if isinstance(atom, (Function, Class, Partial)):
        return True
    return isinstance(atom, Ext) and atom.name.startswith("builtins.") and "(" not in atom.name


def _by_default(sides: Branches, flag: Flag) -> None:
    """Only the side that is off by default is guarded by the flag; the other one runs anyhow."""
    if flag.label in {"main", "type-checking"}:
        sides.guard, sides.other_guard = (flag.label, None) if not flag.default else (None, flag.label)
    elif flag.label.startswith("env:") and flag.default is not ...:
        sides.guard, sides.other_guard = ("other", flag.label) if flag.default else (flag.label, "other")
    elif flag.label.startswith("env:"):
        sides.guard = sides.other_guard = "other"
    else:
        sides.guard = sides.other_guard = flag.label


def narrow(pythons: tuple[Version, ...], allowed: frozenset[Version] | None) -> tuple[Version, ...]:
    """Those of ``pythons`` that are allowed."""
    return pythons if allowed is None else tuple(version for version in pythons if version in allowed)


_TESTS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def version_test(kind: type[ast.cmpop], name: str, other: object) -> Versions | None:
    """The versions on which ``sys.version_info`` (or a part of it) compares so with a constant."""
    test = _TESTS.get(kind)
    if test is None:
        return None
    true = set()
    for version in SUPPORTED_PYTHONS:
        # A micro that no release reaches: guards on the micro version count for the newest one.
        thing = _part(name, (3, int(version.partition(".")[2]), 99, "final", 0))
        try:
            if test(thing, other):
                true.add(version)
        except TypeError:
            return None
    return Versions(frozenset(true))


def _part(name: str, info: tuple[object, ...]) -> object:
    """The named part of a version: ``sys.version_info``, ``...[0]``, ``...major``, ``...[:2]``."""
    part = name.removeprefix("sys.version_info")
    if name == "sys.hexversion":
        return (int(str(info[0])) << 24) + (int(str(info[1])) << 16) + (99 << 8) + 0xF0
    places = {".major": 0, ".minor": 1, ".micro": 2, "[0]": 0, "[1]": 1, "[2]": 2}
    if part in places:
        return info[places[part]]
    if part.startswith("[:") and part[2:-1].isdigit():
        return info[: int(part[2:-1])]
    return info
