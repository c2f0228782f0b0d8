"""Decoding against CPython itself: what any of 3.8 to 3.13 reads, we read, and as one of them does."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.code.decode.cases import layouts, mixtures, spellings
from tests.code.decode.meaning import meaning
from tests.support.pythons import interpreters
from wheelwatch.code.parse import parse
from wheelwatch.model import NotAnalysed

SCRIPT = Path(__file__).with_name("meaning.py")


def verdicts(python: Path, sources: list[bytes]) -> list[list[str] | None]:
    given = json.dumps([base64.b64encode(source).decode() for source in sources])
    done = subprocess.run([python, "-I", SCRIPT], input=given, capture_output=True, text=True, check=True)
    answer: list[list[str] | None] = json.loads(done.stdout)
    return answer


def ours(source: bytes) -> list[str] | None:
    result = parse(source)
    return None if isinstance(result, NotAnalysed) else meaning(result.tree)


@pytest.mark.executes
@pytest.mark.parametrize(
    "cases", [spellings, layouts, partial(mixtures, 2000)], ids=["spellings", "layouts", "mixtures"]
)
def test_decodes_as_cpython(cases: Callable[[], Iterator[bytes]]) -> None:
    sources = list(cases())
    pythons = interpreters()
    theirs = [verdicts(python, sources) for python in pythons.values()]
    assert len(sources) > 400
    assert theirs
    wrong = []
    for index, source in enumerate(sources):
        readings = [verdict[index] for verdict in theirs if verdict[index] is not None]
        mine = ours(source)
        if (mine is None and readings) or (mine is not None and mine not in readings):
            wrong.append((source, mine, readings))
    assert not [case for case in wrong if case[2]], "a CPython reads it otherwise"
    assert [source for source, _, _ in wrong if b"\\r\\n" not in source and b"\\x00" not in source] == []
