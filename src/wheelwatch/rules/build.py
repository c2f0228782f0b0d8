"""Building the package executes its own code.

Why it matters: everything in an sdist may run when it is built: setup.py, an in-tree backend, a
build hook. An installer that finds no wheel builds without asking.

When it is fine: when the code only builds. Processes, downloads and hooks in it are findings of
their own.

Instead: publish wheels, and install with --only-binary :all:.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import LinkedPackage, PackageKind, RuleId, Trigger
from wheelwatch.reach import is_build_code
from wheelwatch.rules.hit import Hit

ID = RuleId("build-code")


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every file that a build executes by itself."""
    distribution = package.distribution
    if distribution.kind is not PackageKind.SDIST:
        return
    for member in distribution.members:
        if is_build_code(member):
            yield Hit(
                row="build",
                trigger=Trigger.INSTALL,
                message=f"{member.path} runs when the package is built",
                path=member.path,
                line=0,
                column=0,
                snippet="",
                pythons=distribution.pythons,
            )
