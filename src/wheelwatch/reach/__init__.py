"""When code runs: from startup, install, autoload and import roots over the edges of a set to each site."""

from __future__ import annotations

from wheelwatch.reach.linking import link

__all__ = ["link"]
