"""Newer versions that exist only as source, which an installer would build: found by asking the indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from wheelwatch.model import Distribution
from wheelwatch.sources.asking import Asking, requires_of
from wheelwatch.sources.index.courier import Fetched, Page
from wheelwatch.sources.index.doubts import Chooser, specifier_of
from wheelwatch.sources.index.settings import Index, Settings

if TYPE_CHECKING:
    from wheelwatch.sources.index.supply import Supply


def places(settings: Settings) -> tuple[Index, ...]:
    """Every place where an installer looks for a name."""
    return (*settings.indexes, *settings.find_links)


def wanted_pages(settings: Settings, names: Sequence[str]) -> list[tuple[Index, str]]:
    """The pages that tell what else there is for these names."""
    return [(index, name) for name in names for index in places(settings)]


def by_name(pages: Sequence[Page]) -> dict[str, list[Page]]:
    """The pages of each name, in the order of the indexes."""
    found: dict[str, list[Page]] = {}
    for page in pages:
        found.setdefault(page.name, []).append(page)
    return found


def newer_sources(supply: Supply) -> dict[str, tuple[str, ...]]:
    """Resolved names that have a newer source, with what each has to be by all who ask for it.

    The files are fetched for what they require; they stay on the shelf for the run itself.
    """
    settings, machine = supply.resolver.settings, supply.resolver.machine
    pages = by_name(supply.courier.pages(wanted_pages(settings, sorted(supply.resolved))))
    asking = Asking(_requires(supply), machine.environment())
    asking.trails(supply.plan)
    chooser = Chooser(settings, machine)
    found: dict[str, tuple[str, ...]] = {}
    for file in supply.files:
        specifiers = tuple(asking.specifiers.get(file.name, ()))
        newer = chooser.newer_source(pages.get(file.name, []), file.version, specifier_of(specifiers))
        if newer is not None and file.name in supply.resolved and not file.is_sdist:
            found[file.name] = specifiers
    return found


def _requires(supply: Supply) -> dict[str, tuple[str, ...]]:
    """What each package says to require; failures count when its file is fetched again."""
    before = list(supply.failures)
    read = [supply.read(row) for row in supply.courier.fetch(supply.files) if isinstance(row, Fetched)]
    supply.failures[:] = before
    here: list[Distribution] = [one.distribution for one in (*supply.arrived, *read) if one is not None]
    return {str(canonicalize_name(row.name)): requires_of(row) for row in here}
