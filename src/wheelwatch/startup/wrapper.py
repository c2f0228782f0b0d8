"""Scripts that installers write around an entry point."""

from __future__ import annotations

import re

_WRAPPER_LINES = re.compile(
    r"#.*|import (?:re|sys)|if __name__ == ['\"]__main__['\"]:|sys\.exit\(\w+\(\)\)"
    r"|sys\.argv\[0\] = (?:re\.sub\(r['\"][^'\"]*['\"], ['\"]{2}, sys\.argv\[0\]\)|sys\.argv\[0\]\[:-\d+\]"
    r"|sys\.argv\[0\]\.removesuffix\(['\"][\w.-]+['\"]\))"
    r"|(?:el)?if sys\.argv\[0\]\.endswith\(['\"][\w.-]+['\"]\):|'''exec' .*|' '''"
)


def is_generated(data: bytes, package: str) -> bool:
    """Nothing but what pip and uv write around ``from package.x import main``."""
    imported = re.compile(rf"from {package}(?:\.\w+)* import \w+")
    rows = [row.strip() for row in data.decode("utf-8", "replace").splitlines()]
    rest = [row for row in rows if row and not _WRAPPER_LINES.fullmatch(row)]
    return len(rest) == 1 and imported.fullmatch(rest[0]) is not None
