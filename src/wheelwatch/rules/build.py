"""Building the package executes its own code.

Why it matters: everything in an sdist may run when it is built: setup.py, an in-tree backend, a
build hook. An installer that finds no wheel builds without asking.

When it is fine: when the code only builds. Processes, downloads and hooks in it are findings of
their own.

Instead: publish wheels, and install with --only-binary :all:.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, RuleId, Trigger
from wheelwatch.rules.hit import Hit

ID = RuleId("build-code")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every file that a build executes by itself."""
    distribution = package.distribution
    for path in dict.fromkeys(build.path for build in distribution.build):
        yield Hit(
            row="build",
            trigger=Trigger.INSTALL,
            message=f"{path} runs when the package is built",
            path=path,
            line=0,
            column=0,
            snippet="",
            pythons=distribution.pythons,
        )
