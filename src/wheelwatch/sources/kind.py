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
CODE = (".py", ".pyc", ".pth", ".start", ".whl")

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
    return FolderKind.ENVIRONMENT if has_interpreter_layout(folder) else _by_names(folder, _names(folder))


def kind_besides(folder: str) -> FolderKind | None:
    """What the folder of an environment is besides: a ``pyvenv.cfg`` costs an attacker one empty file.

    Nothing when there is no project, no distribution and no code of its own at its top.
    """
    names = _names(folder)
    kind = _by_names(folder, names)
    has_code = any(name.endswith(CODE) or Path(folder, name, "__init__.py").is_file() for name in names)
    return kind if has_code or kind in (FolderKind.PROJECT, FolderKind.SITE) else None


def _by_names(folder: str, names: list[str]) -> FolderKind:
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
