"""Code is loaded from a file by its path.

Why it matters: spec_from_file_location, SourceFileLoader, zipimport, runpy.run_path and ctypes.CDLL
run a file that no import names, whatever its suffix. At startup that is how a payload is kept in a
data file, where no reviewer looks.

When it is fine: for configuration files and plug-ins that the user names, and for libraries that the
package brings and calls. A source file of the package itself is read and judged like any module.

Instead: an ordinary import, or an entry point.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.reach import end_of, ends_so
from wheelwatch.rules.hit import Hit, describe, of_site

ID = RuleId("payload-loader")
KINDS = (Kind.LOADER,)

SOURCE_LOADERS = frozenset(
    {
        "importlib.util.spec_from_file_location",
        "importlib.machinery.SourceFileLoader",
        "imp.load_source",
        "imp.load_module",
        "runpy.run_path",
    }
)
"""Loaders of single files, which are followed."""


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every loader; one that leads to a source of the package itself was followed there."""
    for reached in package.of(*KINDS):
        message = describe(reached, "loads code by its path")
        if reached.site.detail:
            message += f": {reached.site.detail}"
        followed = reached.site.api in SOURCE_LOADERS and _is_own(package, reached.site.detail)
        yield of_site(reached, message, "loader-followed" if followed else None)


def _is_own(package: LinkedPackage, path: str) -> bool:
    end = end_of(path)
    return any(ends_so(member.path, end) for member in package.distribution.members)
