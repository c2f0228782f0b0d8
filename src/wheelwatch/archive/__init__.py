"""HOW bytes are read: wheels, sdists, folders and installed trees, and where installers put each member."""

from wheelwatch.archive.installed import Tree, read_tree
from wheelwatch.archive.issue import Issue
from wheelwatch.archive.nested import read_nested
from wheelwatch.archive.opening import read
from wheelwatch.archive.place import SitePlace, site_place
from wheelwatch.archive.sdist import read_sdist
from wheelwatch.archive.wheel import read_wheel

__all__ = [
    "Issue",
    "SitePlace",
    "Tree",
    "read",
    "read_nested",
    "read_sdist",
    "read_tree",
    "read_wheel",
    "site_place",
]
