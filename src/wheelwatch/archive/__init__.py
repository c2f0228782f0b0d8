"""HOW bytes are read: wheels, sdists, folders and installed trees, and where installers put each member."""

from wheelwatch.archive.checkout import has_project_file, read_project
from wheelwatch.archive.folder import read_text
from wheelwatch.archive.installed import Tree, read_tree
from wheelwatch.archive.issue import Issue
from wheelwatch.archive.library import library_distribution
from wheelwatch.archive.nested import read_nested, read_zip_folder
from wheelwatch.archive.opening import head, read
from wheelwatch.archive.place import SitePlace, site_place
from wheelwatch.archive.prefix import prefix_members
from wheelwatch.archive.sdist import read_sdist
from wheelwatch.archive.wheel import read_wheel, wheel_digest

__all__ = [
    "Issue",
    "SitePlace",
    "Tree",
    "has_project_file",
    "head",
    "library_distribution",
    "prefix_members",
    "read",
    "read_nested",
    "read_project",
    "read_sdist",
    "read_text",
    "read_tree",
    "read_wheel",
    "read_zip_folder",
    "site_place",
    "wheel_digest",
]
