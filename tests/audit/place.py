"""The tool's audit in a place where nothing of this machine's configuration counts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.factories import wheel
from tests.support.index import Index
from tests.support.program import Done, wheelwatch

FOREIGN = ("PIP_", "UV_", "HTTP", "http", "ALL_PROXY", "all_proxy", "NETRC", "REQUESTS_", "WHEELWATCH_")


def audit(
    place: Path, *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Done:
    """``wheelwatch audit`` with a home, a cache and a current directory of its own.

    Variables of this machine that configure pip, uv or the network are not passed on.
    """
    home = place / "home"
    (home / "work").mkdir(parents=True, exist_ok=True)
    blank = {name: "" for name in os.environ if name.startswith(FOREIGN)}
    own = {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CONFIG_DIRS": str(home / "etc"),
        "NO_PROXY": "*",
    }
    return wheelwatch("audit", *arguments, cwd=cwd or home / "work", env={**blank, **own, **(env or {})})


def report(place: Path, *arguments: str | Path, **options: Any) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON report and stderr of an audit."""
    done = audit(place, *arguments, "--format", "json", **options)
    return done.code, done.report, done.err


def package(
    index: Index,
    folder: Path,
    name: str,
    version: str = "1.0",
    *requires: str,
    files: Any = None,
    **says: Any,
) -> Path:
    """A harmless wheel, made and listed."""
    metadata = "".join(f"Requires-Dist: {row}\n" for row in requires)
    top = name.replace("-", "_")
    content = files or {f"{top}/__init__.py": f"NAME = {name!r}\n"}
    path = wheel(folder, content, name=name, version=version, metadata=metadata)
    index.add(path, name, **says)
    return path


def names(document: dict[str, Any]) -> list[str]:
    return [f"{row['name']}=={row['version']}" for row in document["packages"]]
