"""HOW bytes are read: wheels, sdists, folders and installed trees, and where installers put each member."""

from wheelwatch.archive.issue import Issue

__all__ = ["Issue"]
