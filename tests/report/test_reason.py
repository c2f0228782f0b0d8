"""Each finding says which rule of the interpreter runs it, how to see that, and how to be rid of it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.support.factories import tree
from wheelwatch import scan
from wheelwatch.model import Finding, Package, Trigger
from wheelwatch.report.reason import reasons


def found(folder: Path, files: dict[str, str]) -> tuple[Package, list[Finding]]:
    tree(folder, files)
    (package,) = scan([folder], as_="site", cache=False).packages
    return package, list(package.findings)


@pytest.mark.parametrize(
    ("files", "path", "rule", "command"),
    [
        ({"zz.pth": "import sys; sys.settrace(print)\n"}, "zz.pth", ".pth file", "python -S -c ''"),
        ({"zz.start": "pdb:main\n"}, "zz.start", ".start file", "python -X importtime -c ''"),
        (
            {"sitecustomize.py": "import sys; sys.settrace(print)\n"},
            "sitecustomize.py",
            "sitecustomize",
            "-S",
        ),
        ({"m.py": "import sys\nsys.settrace(print)\n"}, "m.py", "first imported", "'import m'"),
        (
            {"m.py": "import sys\ndef f(g):\n    sys.settrace(g)\n"},
            "m.py",
            "Nothing that is known",
            "import m",
        ),
    ],
)
def test_the_rule_and_the_command(
    files: dict[str, str], path: str, rule: str, command: str, tmp_path: Path
) -> None:
    package, findings = found(tmp_path, files)
    texts = ["\n".join(reasons(package, one)) for one in findings if one.path == path]
    assert texts
    assert all(rule in text and command in text for text in texts)
    assert all(f"remove {path} by hand" in text for text in texts)


def test_every_trigger_has_words(tmp_path: Path) -> None:
    package, (one, *_) = found(tmp_path, {"m.py": "import sys\nsys.settrace(print)\n"})
    for trigger in Trigger:
        lines = list(reasons(package, msgspec.structs.replace(one, trigger=trigger)))
        assert [line for line in lines if not line.startswith("  ")] == [
            "Why it runs",
            "See it run",
            "Be rid of it",
        ]
        assert len(lines) >= 6
