"""Site directories that combine every row of A.2 and A.4, always the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.truth.startup.faults import errors, syntax
from tests.truth.startup.folders import customize, names, paths
from tests.truth.startup.forms import chunks, encodings, separators, shapes
from tests.truth.startup.mixtures import mixtures, passes
from tests.truth.startup.starts import grammar, silencing


@dataclass(frozen=True)
class Case:
    """One site directory. ``@SITE@`` in a content stands for the directory's own path."""

    name: str
    files: Mapping[str, bytes]


def cases() -> list[Case]:
    """All of them, in a fixed order, each with a name of its own."""
    made: list[Case] = []
    for group in (
        shapes,
        separators,
        encodings,
        chunks,
        errors,
        syntax,
        names,
        paths,
        customize,
        grammar,
        silencing,
        passes,
        mixtures,
    ):
        made += [
            Case(f"{group.__name__}-{number}", {place: _bytes(text) for place, text in files.items()})
            for number, files in enumerate(group())
        ]
    return made


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
