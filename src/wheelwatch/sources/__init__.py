"""WHERE packages come from: what each target is, and the sets that one interpreter would see."""

from wheelwatch.sources.finding import Found, find, joined

__all__ = ["Found", "find", "joined"]
