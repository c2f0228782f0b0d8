"""Chains that lead from one distribution into another, at every trigger."""

from __future__ import annotations

import pytest

from tests.reach.sources import linked, sites
from wheelwatch import rules
from wheelwatch.model import Trigger

TOOL = "import sys\n\n\ndef install():\n    sys.settrace(print)\n\n\ndef other():\n    pass\n"
FORMS = {
    "by its module": "import tool\n\ntool.install()\n",
    "by its name": "from tool import install\n\ninstall()\n",
    "by another name": "from tool import install as go\n\ngo()\n",
    "in a function that is called": "import tool\n\n\ndef go():\n    tool.install()\n\n\ngo()\n",
    "in the body of a class": "import tool\n\n\nclass Body:\n    tool.install()\n",
    "by a star": "from tool import *\n\ninstall()\n",
}
NEAR = {
    "another function": "import tool\n\ntool.other()\n",
    "in a function that nothing calls": "import tool\n\n\ndef go():\n    tool.install()\n",
    "as a script": 'import tool\n\nif __name__ == "__main__":\n    tool.install()\n',
    "a function of the same name": "def install():\n    pass\n\n\ninstall()\n",
    "handed on only": "import tool\n\nHOOK = tool.install\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_call_of_what_another_distribution_installs_runs_at_import(form: str) -> None:
    user, tool = sites({"user": {"user.py": FORMS[form]}, "tool": {"tool.py": TOOL}})
    assert (user.site.api, user.trigger, user.member.path) == ("sys.settrace", Trigger.IMPORT, "user.py")
    assert {step.package for step in user.chain} == {"user"}
    assert user.site.detail == "by tool.install"
    # Who ships the function only ships it.
    assert (tool.trigger, tool.member.path) == (Trigger.CALL, "tool.py")


@pytest.mark.parametrize("form", NEAR)
def test_a_near_miss_is_only_called(form: str) -> None:
    (found,) = sites({"user": {"user.py": NEAR[form]}, "tool": {"tool.py": TOOL}})
    assert found.trigger is Trigger.CALL
    assert [step.package for step in found.chain] == ["tool"]


def test_a_line_says_whose_module_it_runs_and_that_nobody_ships_one() -> None:
    first, _, third = linked(
        {
            "first": {"zz.pth": "import tool\n"},
            "tool": {"tool.py": TOOL},
            "third": {"a.pth": "import gone\n"},
        }
    )
    (line,) = rules.judge(first)
    assert "; first ships none of the modules that it runs (tool.py)" in line.message
    assert first.entries[0].missing == ()
    (gone,) = rules.judge(third)
    assert "; nobody here ships gone" in gone.message
    assert "ships none" not in gone.message
