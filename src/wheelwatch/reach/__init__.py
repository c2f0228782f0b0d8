"""When code runs: from startup, install, autoload and import roots over the edges of a set to each site."""

from __future__ import annotations

from wheelwatch.reach.guards import SWITCH, labels
from wheelwatch.reach.linking import link
from wheelwatch.reach.paths import end_of, ends_so

__all__ = ["SWITCH", "end_of", "ends_so", "labels", "link"]
