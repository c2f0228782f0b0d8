"""What was found by hand in packages of the corpus: which hooks they use, at import or in functions.

Read with ``ast`` and ``nm`` in November 2026, without wheelwatch; its own findings are held against them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One package uses one API; ``is_module``: at the level of a module, else in a function.

    ``place`` is the file, with its line where that was noted.
    """

    package: str
    api: str
    is_module: bool
    place: str = ""


def _module(package: str, *apis: str, place: str = "") -> list[Claim]:
    return [Claim(package, api, True, place) for api in apis]  # noqa: FBT003 - the field says it


def _functions(api: str, *packages: str, place: str = "") -> list[Claim]:
    return [Claim(package, api, False, place) for package in packages]  # noqa: FBT003


CLAIMS: tuple[Claim, ...] = (
    *_functions("sys.addaudithook", "pip", place="install.py:288"),
    *_module("pip", "sys.meta_path", place="__pip-runner__.py:47"),
    *_module("virtualenv", "sys.meta_path", place="_virtualenv.py"),
    *_module("birdseye", "sys.meta_path", place="birdseye/__init__.py:45"),
    *_module("debugpy", "builtins.__import__", "sys.meta_path", "sys.stdin", "builtins.input"),
    *_module("pydevd", "builtins.__import__", "sys.meta_path", "sys.stdin"),
    *_module("pydevd", "sys.settrace", place="pydevd_constants.py:564"),
    *_functions("sys.remote_exec", "debugpy"),
    *_module("ipython", "sys.meta_path", place="qt_loaders.py:78"),
    *_module("ipython", "os.register_at_fork"),
    *_functions("sys.excepthook", "ipython"),
    *_functions("sys.displayhook", "ipython"),
    *_functions("sys.settrace", "ipython"),
    *_functions("sys.call_tracing", "ipython"),
    *_module("gevent", "sys.addaudithook", place="test__monkey_fork_atomic.py"),
    *_module("litellm", "tracemalloc.start", "warnings.showwarning"),
    *_functions("builtins.__import__", "litellm"),
    *_functions("sys.meta_path", "litellm"),
    *_functions("gc.callbacks", "litellm"),
    *_module("eventlet", "os.register_at_fork"),
    *_module("matplotlib", "os.register_at_fork"),
    *_module("ddtrace", "os.register_at_fork"),
    *_functions("sys.settrace", "coverage", "hunter", "snoop", "hypothesis", "eventlet"),
    *_functions("sys.setprofile", "viztracer", "pyinstrument", "newrelic", "jaxtyping", "greenlet"),
    *_functions("sys.settrace", "numpy"),
    *_functions("sys.monitoring.set_events", "ddtrace", "hypothesis", "numba"),
    *_functions("sys.monitoring.register_callback", "ddtrace", "hypothesis", "numba"),
    *_functions("sys.excepthook", "sentry-sdk", "better-exceptions"),
    *_functions("sys.unraisablehook", "sentry-sdk"),
    *_functions("socket.create_connection", "sentry-sdk"),
    *_functions("sys.path_hooks", "beartype"),
    *_functions("sys.meta_path", "typeguard", "jaxtyping", "wrapt", "setuptools", "pytest", "sphinx"),
    *_functions("sys.meta_path", "editables"),
)

QUIET = ("mypy", "editables")
"""Packages whose own code installs no hook at the level of a module, beyond ``atexit``."""

ABSENT = (
    "filelock, pyarmor, ideas, appdynamics, PySnooper, watchpoints, crosshair, vprof, stackprinter, yappi,"
    " pympler, contrast, slipcover, elastic-apm, friendly, pretty_errors, pip-system-certs, autowrapt,"
    " flake8, python-certifi-win32, truststore, scout-apm, ipdb, aws-otel-distro, filprofiler"
)
"""Packages of that list that the corpus does not hold."""
