"""What a folder is: environment, site directory, project, collection of archives, or just a folder."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path

from wheelwatch.archive import has_project_file
from wheelwatch.sources.layout import has_interpreter_layout

ARCHIVES = (".whl", ".tar.gz", ".tgz", ".zip")
BESIDE = (".asc", ".sig", ".metadata", ".sha256", ".sha512", ".md5", ".provenance")
"""Files that index mirrors and release tools put beside an archive."""

_INSTALLED = re.compile(r".+-[^-]+\.(?:dist|egg)-info|.+\.dist-info|.+\.egg-info")
_IN_PLACE = re.compile(r"[^-]+\.egg-info")
SITE_NAMES = frozenset({"site-packages", "dist-packages"})


class FolderKind(StrEnum):
    """The values of ``--as``, and what a folder is taken for without it."""

    ENVIRONMENT = "environment"
    SITE = "site"
    PROJECT = "project"
    COLLECTION = "collection"
    FOLDER = "folder"

    @property
    def noun(self) -> str:
        """How a note to the user calls it."""
        return NOUNS[self]


NOUNS = {
    FolderKind.ENVIRONMENT: "an environment",
    FolderKind.SITE: "a site directory",
    FolderKind.PROJECT: "a project",
    FolderKind.COLLECTION: "a collection of archives",
    FolderKind.FOLDER: "a folder, treated as a site directory",
}


def kind_of(folder: str) -> FolderKind:
    """Decide by what stands directly in the folder; a folder that cannot be listed is just a folder."""
    if has_interpreter_layout(folder):
        return FolderKind.ENVIRONMENT
    names = _names(folder)
    infos = [name for name in names if _INSTALLED.fullmatch(name)]
    is_project = has_project_file(folder)
    if infos and not (is_project and all(_IN_PLACE.fullmatch(name) for name in infos)):
        return FolderKind.SITE
    if Path(folder).name in SITE_NAMES:
        return FolderKind.SITE
    if is_project:
        return FolderKind.PROJECT
    return FolderKind.COLLECTION if _is_collection(folder, names) else FolderKind.FOLDER


def _is_collection(folder: str, names: list[str]) -> bool:
    files = [name for name in names if not name.endswith(BESIDE)]
    return bool(files) and all(name.endswith(ARCHIVES) and Path(folder, name).is_file() for name in files)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths
    except OSError:
        return []
