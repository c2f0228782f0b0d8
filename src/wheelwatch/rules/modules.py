"""An entry of sys.modules is replaced.

Why it matters: Whoever puts an object into sys.modules under the name of another package stands in
for that package everywhere.

When it is fine: for the own name of a package (lazy modules), or to provide a name that the package
owns.

Instead: a module-level __getattr__ (PEP 562).
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-modules")
KINDS = (Kind.MODULES,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "replaces an entry of sys.modules", *KINDS)
