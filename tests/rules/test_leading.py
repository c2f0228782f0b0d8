"""A startup entry that leads into another distribution says where, and how bad it is there."""

from __future__ import annotations

import pytest

from tests.reach.sources import linked
from wheelwatch.rules import judge

PAYLOAD = {"b.py": "import os\nos.system('id')\n"}


@pytest.mark.parametrize(
    "files",
    [
        {"a.pth": "import b\n"},
        {"a.pth": "import a\n", "a.py": "import b\n"},
        {"a.start": "b:go\n"},
        {"sitecustomize.py": "import b\n"},
    ],
    ids=["line", "through a module", "start", "customize"],
)
def test_the_entry_names_what_it_reaches_elsewhere(files: dict[str, str]) -> None:
    first, second = linked({"a": files, "b": PAYLOAD})
    (entry,) = [finding for finding in judge(first) if finding.rule.startswith("startup-")]
    assert entry.message.endswith("; it leads to os.system in b.py:2 of b, critical there")
    (payload,) = judge(second)
    assert (payload.severity.label, payload.trigger.value) == ("critical", "startup")


def test_what_is_the_own_is_not_repeated() -> None:
    (package,) = linked({"a": {"a.pth": "import b\n", **PAYLOAD}})
    assert not [finding for finding in judge(package) if "leads to" in finding.message]
