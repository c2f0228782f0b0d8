"""The import system is changed.

Why it matters: A finder on sys.meta_path, a path hook or a patched loader decides which code every
later import gets, and may rewrite the source of other packages.

When it is fine: when a finder answers only for names of its own distribution (six.moves, editable
installs), or in a tool that instruments tests on request.

Instead: ordinary packages and entry points; importlib.resources for data; lazy imports inside
functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-import")
KINDS = (Kind.IMPORT,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "changes how modules are imported", *KINDS)
