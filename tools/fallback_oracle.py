"""Compare the fallback parser with ``ast``: ``python tools/fallback_oracle.py FOLDER...``.

Without a folder the running Python's standard library and site-packages are read. Files that ``ast`` of
the running Python refuses must be refused by the fallback too, unless another grammar takes them.
"""

from __future__ import annotations

import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.code.fallback.comparison import differences
from wheelwatch.code.decode import Decoded, decode
from wheelwatch.code.fallback import Excess, Oversize, Refused, parse
from wheelwatch.code.parse import standard_tree


def main(folders: list[str]) -> int:
    """Print what differs; 1 if anything does."""
    roots = folders or [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    started, files, octets, bad = time.perf_counter(), 0, 0, 0
    for path in sorted({path for root in roots for path in Path(root).rglob("*.py")}):
        data = path.read_bytes()
        files, octets = files + 1, octets + len(data)
        for line in compare(data):
            bad += 1
            print(f"{path}: {line}")
    seconds = time.perf_counter() - started
    print(f"{files} files, {octets / 1e6:.1f} MB, {seconds:.1f} s, {bad} differences")
    return int(bad > 0)


def compare(data: bytes) -> Iterator[str]:
    """The first few differences for one file."""
    decoded = decode(data)
    if not isinstance(decoded, Decoded) or decoded.is_lenient or decoded.has_returns:
        return
    expected = standard_tree(decoded.text)
    try:
        tree = parse(decoded.text, 10_000_000)
    except (Refused, Excess, Oversize) as problem:
        if expected is not None:
            yield f"refused: {problem}"
        return
    if expected is None:
        yield "accepted, and ast refuses it"
        return
    inside = sys.version_info >= (3, 12)
    for _, line in zip(range(3), differences(expected, tree, inside_strings=inside), strict=False):
        yield line


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
