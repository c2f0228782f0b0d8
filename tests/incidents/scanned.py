"""Many planted distributions in one run: each in a site directory of its own, which is a set of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.factories import Files, site_dir
from tests.support.program import wheelwatch

NAME = "demo"


def scanned(folder: Path, cases: Mapping[str, Files | Mapping[str, Files]]) -> dict[str, dict[str, Any]]:
    """By case: the JSON of the worst package of its site directory.

    A case holds the files of one distribution ``demo``, or several distributions by ``name-version``.
    """
    targets = {}
    for number, (name, files) in enumerate(cases.items()):
        owned: Any = (
            files if any(isinstance(part, Mapping) for part in files.values()) else {"demo-1.0": files}
        )
        targets[name] = site_dir(folder / str(number) / "site-packages", owned)
    done = wheelwatch("scan", *targets.values(), "--format", "json", "--fail-on", "never")
    assert done.code in (0, 2), done.err
    packages = done.report["packages"]
    return {
        name: max(
            (package for package in packages if Path(package["location"]).is_relative_to(target)),
            key=lambda package: package["score"],
        )
        for name, target in targets.items()
    }


def verdicts(package: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Rule, severity and trigger of every finding that counts."""
    return {
        (finding["rule"], finding["severity"], finding["trigger"])
        for finding in package["findings"]
        if finding["applies"] and finding["severity"] != "info"
    }
