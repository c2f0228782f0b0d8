"""requirements-dev.txt is in step with pyproject.toml and names no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements-dev.txt").read_text()
PINS = {
    canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([\w.!+-]+)", LOCK, re.M)
}


def test_every_dependency_is_pinned_as_pyproject_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    requirements = [Requirement(text) for text in wanted]
    missing = [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(PINS.get(canonicalize_name(requirement.name), "0"))
    ]
    assert missing == [], "run `make lock`"


def test_every_pin_has_a_hash() -> None:
    entries = [entry for entry in re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.M) if "==" in entry]
    assert len(entries) == len(PINS)
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_address_is_in_it() -> None:
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", LOCK)
