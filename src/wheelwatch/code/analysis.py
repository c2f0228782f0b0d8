"""From the bytes of one file to its facts."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from wheelwatch.catalogue import known
from wheelwatch.code.digest import digest
from wheelwatch.code.extract import NO_NAMES, facts
from wheelwatch.code.parse import parse
from wheelwatch.code.sketch import anchors
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import FileFacts, NotAnalysed, Reason

SITE_NAMES: Mapping[str, str] = MappingProxyType(
    {name: name for name in ("_sitebuiltins", "builtins", "io", "os", "sys")}
    | {name: f"site.{name}" for name in ("addpackage", "addsitedir", "execsitecustomize", "main", "venv")}
)
"""What a line of a ``.pth`` finds bound without an import: it is executed with the globals of ``site``."""


def analyse(
    data: bytes, limits: Limits = DEFAULT, *, first_line: int = 1, is_startup_line: bool = False
) -> FileFacts | NotAnalysed:
    """The facts of one source file: a pure function of its bytes, never raises.

    ``first_line`` is the line of the enclosing file at which ``data`` begins; every line in the result
    counts from there. A startup line is executed where ``os``, ``sys`` and others are bound already.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is folded may warn, on some Pythons
        result = _examine(data, limits, SITE_NAMES if is_startup_line else NO_NAMES)
    if isinstance(result, NotAnalysed):
        return msgspec.structs.replace(result, anchors=anchors(data, limits))
    return _shift(result, first_line - 1) if first_line != 1 else result


def _examine(data: bytes, limits: Limits, names: Mapping[str, str]) -> FileFacts | NotAnalysed:
    try:
        parsed = parse(data, limits)
        if isinstance(parsed, NotAnalysed):
            return parsed
        found = facts(parsed, limits, names=names)
        if not known.may_be_known(parsed.text):
            return found
        return msgspec.structs.replace(found, digest=digest(parsed.tree, known.constants()))
    except MemoryError:
        return NotAnalysed(reason=Reason.OUT_OF_MEMORY, detail="no memory left while analysing")
    except Exception as problem:  # noqa: BLE001 - one file must not end the run
        what = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
        return NotAnalysed(reason=Reason.INTERNAL, detail=what)


def _shift(result: FileFacts, lines: int) -> FileFacts:
    replace = msgspec.structs.replace
    return replace(
        result,
        scopes=tuple(replace(scope, line=scope.line + lines) for scope in result.scopes),
        edges=tuple(replace(edge, line=edge.line + lines) for edge in result.edges),
        sites=tuple(replace(site, line=site.line + lines) for site in result.sites),
        acts=tuple(replace(act, line=act.line + lines) for act in result.acts),
    )
