"""What the options of a command line ask of an audit."""

from __future__ import annotations

from collections.abc import Sequence

from wheelwatch.cli.bundle import Fetching, Naming
from wheelwatch.engine.audit import Order
from wheelwatch.engine.cache import folder
from wheelwatch.sources.index.machine import OWN
from wheelwatch.sources.index.settings import Installer
from wheelwatch.sources.plan import Asked, Option, index_options
from wheelwatch.sources.request import Inputs


def order(
    requirements: Sequence[str],
    naming: Naming,
    fetching: Fetching,
    *,
    python: str | None,
    no_cache: bool,
    requires_hashes: bool = False,
    base: str = "",
) -> Order:
    """The audit that is asked for.

    Args:
        requirements: names, paths or addresses.
        naming: what else would be installed.
        fetching: for which platform, and from where.
        python: the version to install for, else that of this interpreter.
        no_cache: neither use nor keep files of other runs.
        requires_hashes: every requirement must come with a hash, as the policy may ask.
        base: folder from which paths in requirements files count; the current one when empty.
    """
    places = index_options(fetching.index_url, fetching.extra_index_url or (), fetching.find_links or ())
    no_index = (Option("no-index", "", Asked("--no-index")),) if fetching.no_index else ()
    hashes = (Option("require-hashes", "", Asked("policy")),) if requires_hashes else ()
    return Order(
        inputs=_inputs(requirements, naming, base),
        installer=None if naming.installer is None else Installer(naming.installer.value),
        python=python or OWN,
        platform=fetching.platform,
        options=(*places, *no_index, *hashes),
        has_dependencies=not fetching.no_deps,
        may_build=fetching.sdist,
        is_offline=fetching.offline,
        cache="" if no_cache else str(folder() or ""),
    )


def _inputs(requirements: Sequence[str], naming: Naming, base: str) -> Inputs:
    return Inputs(
        files=tuple(naming.files or ()),
        constraints=tuple(naming.constraints or ()),
        requirements=tuple(requirements),
        extras=tuple(naming.extra or ()),
        groups=None if naming.group is None else tuple(naming.group),
        base=base,
    )
