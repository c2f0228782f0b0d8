"""The scales and names of the report: versions, severity, level, trigger, confidence, families of sites."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NewType, TypeAlias

RuleId = NewType("RuleId", str)
"""Kebab-case name of a rule, ``hook-trace``; never reused for another rule."""

Version: TypeAlias = str
"""A Python minor version, ``"3.12"``."""

SUPPORTED_PYTHONS: tuple[Version, ...] = (
    "3.8",
    "3.9",
    "3.10",
    "3.11",
    "3.12",
    "3.13",
    "3.14",
    "3.15",
)
"""Every version that is judged, oldest first; tuples of versions keep this order."""


class Severity(IntEnum):
    """How bad one finding is."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word of reports and options."""
        return self.name.lower()


class Level(IntEnum):
    """How bad a package is: the worst severity that applies, where info counts as none."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word of reports and options."""
        return self.name.lower()


class Trigger(StrEnum):
    """When a site runs, the strongest first."""

    STARTUP = "startup"
    INSTALL = "install"
    AUTOLOAD = "autoload"
    IMPORT = "import"
    CALL = "call"
    DORMANT = "dormant"


class Confidence(StrEnum):
    """How sure a finding is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class PackageKind(StrEnum):
    """What a package was found as."""

    WHEEL = "wheel"
    SDIST = "sdist"
    INSTALLED = "installed"
    FOLDER = "folder"
    UNOWNED = "unowned"


class Kind(StrEnum):
    """The family of a site; each family is a row of the severity table (``data/severity.toml``)."""

    TRACE = "trace"
    PROFILE = "profile"
    MONITOR = "monitor"
    AUDIT = "audit"
    NATIVE = "native"
    EVAL_FRAME = "eval-frame"
    REMOTE_EXEC = "remote-exec"
    IMPORT = "import"
    BUILTINS = "builtins"
    CODEC = "codec"
    PATCH = "patch"
    EXCEPTION = "exception"
    EXIT = "exit"
    GC = "gc"
    FORK = "fork"
    SIGNAL = "signal"
    DISPLAY = "display"
    MODULES = "modules"
    DECODE_RUN = "decode-run"
    DYNAMIC_CODE = "dynamic-code"
    LOADER = "loader"
    """Code that is loaded from a file by its path, from an archive, or as a compiled library."""
    PROCESS = "process"
    NETWORK = "network"
    STARTUP_WRITE = "startup-write"
    CREDENTIALS = "credentials"
    ENCRYPTION = "encryption"
    """Data made unreadable: nothing by itself, but told of code that also reads credentials and sends."""
    DYNAMIC_ACCESS = "dynamic-access"
    RUNTIME = "runtime"
    """Low-grade run-time switches (recursion limit, tracemalloc, logging, perf trampoline)."""
