"""The list of audit events holds what the interpreters hold."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.support.pythons import interpreters
from wheelwatch.catalogue.audit import found_here, is_dangerous, is_raised

CALL = re.compile(r"""\baudit\(\s*f?["']([\w./]+)["']""")
WHERE = "import sys, sysconfig; print(sys.base_prefix); print(sysconfig.get_path('stdlib'))"
BY_THE_CORE = frozenset({"import"})
"""A word that stands everywhere: looked at by hand."""


@cache
def texts() -> tuple[bytes, str]:
    """Everything compiled, and the sources of the standard library, of all interpreters that are here."""
    compiled: list[bytes] = []
    sources: list[str] = []
    for python in interpreters().values():
        done = subprocess.run(
            [str(python), "-I", "-S", "-c", WHERE], capture_output=True, text=True, check=True
        )
        prefix, library = map(Path, done.stdout.split())
        native = [*prefix.glob("lib/libpython3*.so*"), *library.glob("lib-dynload/*.so"), python.resolve()]
        compiled += [path.read_bytes() for path in native]
        sources += [
            path.read_text("utf-8", "replace") for path in library.rglob("*.py") if _is_own(path, library)
        ]
    return b"\0".join(compiled), "\n".join(sources)


def _is_own(path: Path, library: Path) -> bool:
    return not {"test", "tests", "site-packages"} & set(path.relative_to(library).parts)


@pytest.mark.executes
def test_each_event_stands_in_an_interpreter() -> None:
    compiled, sources = texts()
    called = set(CALL.findall(sources))
    lacking = [
        event
        for event in sorted(found_here() - BY_THE_CORE)
        if event not in called and b"\0" + event.encode() + b"\0" not in compiled
    ]
    assert lacking == []


@pytest.mark.executes
def test_each_event_of_the_standard_library_is_listed() -> None:
    _, sources = texts()
    assert {event for event in CALL.findall(sources) if "." in event} - found_here() == set()


@pytest.mark.parametrize(
    "event", ["os.system", "import", "open", "os.*", "sys.remote_exec", "winreg.OpenKey"]
)
def test_what_is_raised(event: str) -> None:
    assert is_raised(event)


@pytest.mark.parametrize("event", ["system", "builtins.open", "os.open", "sytem.*", ""])
def test_what_is_not(event: str) -> None:
    assert not is_raised(event)


def test_what_a_sandbox_forbids() -> None:
    assert is_dangerous("os.system")
    assert is_dangerous("socket.*")
    assert not is_dangerous("sys.excepthook")
    assert not is_dangerous("os")
