"""The fallback against ``ast`` on real files: a sample; everything with ``tools/fallback_oracle.py``."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

import pytest

from tools.fallback_oracle import compare

STDLIB = Path(sysconfig.get_path("stdlib"))
CHOSEN = ("dataclasses.py", "typing.py", "asyncio/tasks.py", "ast.py", "enum.py", "test/test_grammar.py")


def sample() -> list[Path]:
    files = sorted(path for path in STDLIB.rglob("*.py") if "site-packages" not in path.parts)
    picked = random.Random(15).sample(files, 40)
    chosen = [STDLIB / name for name in CHOSEN if (STDLIB / name).is_file()]
    return [*chosen, *(path for path in picked if path.stat().st_size < 100_000)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", sample(), ids=lambda path: path.relative_to(STDLIB).as_posix())
def test_same_tree_as_ast(path: Path) -> None:
    assert list(compare(path.read_bytes())) == []
