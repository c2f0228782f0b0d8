"""When code runs: from startup, install, autoload and import roots over the edges of a set to each site."""

from __future__ import annotations

from wheelwatch.reach.guards import SWITCH, labels
from wheelwatch.reach.linking import link
from wheelwatch.reach.paths import end_of, ends_so
from wheelwatch.reach.roots import is_build_code

__all__ = ["SWITCH", "end_of", "ends_so", "is_build_code", "labels", "link"]
