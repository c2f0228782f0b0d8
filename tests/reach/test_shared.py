"""Two distributions that place one module: both are considered, and each finding says so."""

from __future__ import annotations

from tests.reach.sources import linked
from wheelwatch import rules
from wheelwatch.model import Trigger

LEFT = {"zz.pth": "import demo.boot\n", "demo/__init__.py": "", "demo/boot.py": "from demo import go\n"}
FIRST = {
    **LEFT,
    "demo/tool.py": "import sys\n\nsys.settrace(print)\n",
    "demo/boot.py": "import demo.tool\n",
}
SECOND = {"demo/tool.py": "import sys\n\nsys.setprofile(print)\n"}


def test_both_are_reached_and_named() -> None:
    first, second = linked({"first": FIRST, "second": SECOND})
    assert [(one.site.api, one.trigger, one.rivals) for one in (*first.sites, *second.sites)] == [
        ("sys.settrace", Trigger.STARTUP, ("second",)),
        ("sys.setprofile", Trigger.STARTUP, ("first",)),
    ]
    assert first.entries[0].shared == (("demo/tool.py", ("first", "second")),)
    told = {str(finding.rule): finding.message for finding in (*rules.judge(first), *rules.judge(second))}
    end = "which one stays depends on the order of installation"
    assert told["hook-trace"].endswith(f"; second ships a module of this name, too: {end}")
    assert told["hook-profile"].endswith(f"; first ships a module of this name, too: {end}")
    assert f"; demo/tool.py is shipped by first, second: {end}" in told["startup-line"]


def test_what_one_ships_alone_has_no_rival() -> None:
    first, second = linked({"first": FIRST, "second": {"other/tool.py": SECOND["demo/tool.py"]}})
    assert [(one.trigger, one.rivals) for one in (*first.sites, *second.sites)] == [
        (Trigger.STARTUP, ()),
        (Trigger.IMPORT, ()),
    ]
    assert first.entries[0].shared == ()


def test_a_package_and_a_module_of_one_name() -> None:
    package = {"demo/tool/__init__.py": "import sys\n\nsys.setprofile(print)\n"}
    first, second = linked({"first": FIRST, "second": package})
    # Side by side on disk an import takes the package.
    assert [(one.site.api, one.trigger) for one in second.sites] == [("sys.setprofile", Trigger.STARTUP)]
    assert [one.trigger for one in first.sites] == [Trigger.IMPORT]
