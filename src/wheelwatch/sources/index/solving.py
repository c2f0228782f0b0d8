"""Resolving: uv gets names that we wrote, and its answer becomes the files that would be installed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from packaging.pylock import Pylock, PylockSelectError, PylockValidationError
from packaging.version import Version

from wheelwatch.model import Failure
from wheelwatch.sources.address import redacted
from wheelwatch.sources.index.machine import Machine
from wheelwatch.sources.index.program import GIVEN_UP, Answer, run_uv
from wheelwatch.sources.index.settings import Settings
from wheelwatch.sources.plan import Asked, Locked, Plan, Requirement

_SDIST_ONLY = re.compile(
    r"(?:all versions of )?(?P<name>[a-z0-9][a-z0-9-]*)(?:==\S+?)? ha(?:s|ve) no usable wheels"
)
_MISSING = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*) was not found in the package registry")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
LONGEST = 2000


class Solution(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a resolution, or why there is none."""

    files: tuple[Locked, ...] = ()
    failure: Failure | None = None
    without_wheels: tuple[str, ...] = ()
    """Names that stood in the way because they have no wheel."""
    missing: tuple[str, ...] = ()
    """Names that no index would show, or all where uv did not come to an end."""
    notes: tuple[str, ...] = ()


class Resolver(msgspec.Struct, frozen=True, kw_only=True):
    """Asks uv, always in the same way."""

    settings: Settings
    machine: Machine
    cache: str
    is_offline: bool = False
    has_dependencies: bool = True

    def resolve(self, plan: Plan) -> Solution:
        """The files for everything of the plan that is looked up in indexes."""
        rows = [row for row in plan.requirements if row.name not in plan.excluded]
        if not rows:
            return Solution()
        texts = {
            "requirements.in": _lines(rows),
            "constraints.txt": _lines(plan.constraints),
            "excluded.txt": "".join(f"{name}\n" for name in plan.excluded),
        }
        files = {name: text for name, text in texts.items() if text}
        options = [*self._arguments(), *_named(files)]
        answer = run_uv(
            options, files, settings=self.settings, cache=self.cache, is_offline=self.is_offline
        )
        if answer.code:
            return _failed(answer, rows)
        return selected(answer.out, self.machine, _hashes((*plan.requirements, *plan.constraints)))

    def _arguments(self) -> list[str]:
        """The subcommand with all that keeps it from building or reading anything else."""
        found = ["pip", "compile", "requirements.in", "--format", "pylock.toml", "--no-header"]
        found += ["--no-build", "--no-sources"]
        if not self.machine.is_own:
            found += ["--python-version", self.machine.full_version]
        if self.machine.platform:
            found += ["--python-platform", self.machine.platform]
        if self.settings.pre:
            found += ["--prerelease", "allow"]
        if self.settings.newest:
            found += ["--exclude-newer", self.settings.newest]
        return found if self.has_dependencies else [*found, "--no-deps"]


def _named(files: Mapping[str, str]) -> list[str]:
    options = {"constraints.txt": "--constraints", "excluded.txt": "--excludes"}
    return [part for name in files if name in options for part in (options[name], name)]


def selected(
    text: str,
    machine: Machine,
    hashes: Mapping[str, frozenset[str]],
    asked: Asked | None = None,
    **more: Any,
) -> Solution:
    """The files of a lock that an installer takes on this machine.

    Args:
        text: a ``pylock.toml``.
        machine: whose markers and tags count.
        hashes: for some names the only hashes that may be taken.
        asked: who asks for all of them.
        more: ``extras`` and ``dependency_groups`` of the lock.
    """
    where = asked.place if asked else "resolution"
    try:
        lock = Pylock.from_dict(tomllib.loads(text))
        rows = list(lock.select(environment=machine.environment(), tags=machine.tags(), **more))
    except (tomllib.TOMLDecodeError, PylockValidationError, PylockSelectError, RecursionError) as error:
        what = f"the lock cannot be used: {redacted(_first(error))}"
        return Solution(failure=Failure(where=where, what=what))
    files: list[Locked] = []
    notes: list[str] = []
    for package, chosen in rows:
        found = _locked(package, chosen, hashes.get(package.name, frozenset()), machine, asked)
        if isinstance(found, Locked):
            files.append(found)
        else:
            notes.append(f"{where}: {found}")
    return Solution(files=tuple(files), notes=tuple(notes))


def _locked(
    package: Any, chosen: Any, allowed: frozenset[str], machine: Machine, asked: Asked | None
) -> Locked | str:
    """One file of a lock; a text where it is none that can be fetched."""
    kind = type(chosen).__name__
    if kind in ("PackageVcs", "PackageDirectory"):
        return f"{package.name} comes from a repository or a folder"
    if allowed and kind == "PackageWheel":
        chosen = _allowed(package, allowed, machine) or chosen
    hashes = _pairs(chosen.hashes)
    if allowed:
        hashes = tuple(one for one in hashes if one in allowed) or tuple(sorted(allowed))
    place = chosen.url or chosen.path or ""
    upload = getattr(chosen, "upload_time", None)
    filename = getattr(chosen, "filename", None) or place.partition("#")[0].rstrip("/").rpartition("/")[2]
    return Locked(
        name=package.name,
        version=str(package.version or ""),
        url=place,
        filename=filename,
        hashes=hashes,
        size=chosen.size,
        uploaded=upload.strftime("%Y-%m-%dT%H:%M:%SZ") if upload else None,
        asked=asked,
    )


def _allowed(package: Any, allowed: frozenset[str], machine: Machine) -> Any:
    """The best wheel among those whose hash is asked for, as pip chooses."""
    wheels = [wheel for wheel in package.wheels if allowed & set(_pairs(wheel.hashes))]
    if not wheels:
        return None
    only = Pylock(
        lock_version=Version("1.0"),
        created_by="wheelwatch",
        packages=[type(package)(name=package.name, version=package.version, wheels=wheels)],
    )
    return next(
        (one for _, one in only.select(environment=machine.environment(), tags=machine.tags())), None
    )


def _pairs(hashes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}:{value.lower()}" for name, value in sorted(hashes.items()))


def _hashes(rows: Iterable[Requirement]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.hashes:
            found.setdefault(row.name, set()).update(one.lower() for one in row.hashes)
    return {name: frozenset(values) for name, values in found.items()}


def _lines(rows: Iterable[Requirement]) -> str:
    return "".join(f"{row.line}\n" for row in rows)


def _failed(answer: Answer, rows: Sequence[Requirement]) -> Solution:
    """Uv's reason in plain words, with the requirement that it is about."""
    text = redacted(answer.err).partition("error: ")[2] or redacted(answer.err)
    body, _, hint = text.partition("\nhint:")
    hint = " ".join(hint.split())[:LONGEST]
    reason = " ".join(body.replace("cause:", "").split())
    reason = reason.removeprefix("No solution found when resolving dependencies").strip()
    if not reason:
        reason = f"uv ended with code {answer.code} and said nothing"
    names = set(_NAME.findall(reason.lower()))
    about = next((row.asked.place for row in rows if row.name in names), "resolution")
    what, better = _plain(reason[:LONGEST], hint)
    without = tuple(dict.fromkeys(found["name"] for found in _SDIST_ONLY.finditer(reason)))
    missing = tuple(dict.fromkeys(found["name"] for found in _MISSING.finditer(reason)))
    if answer.code == GIVEN_UP:
        missing = tuple(dict.fromkeys(row.name for row in rows))
    failure = Failure(where=about, what=what, hint=better or hint)
    return Solution(failure=failure, without_wheels=without, missing=missing)


MEANINGS = (
    ("401 Unauthorized", "the index asks for credentials (401)", "name a user in its address or in netrc"),
    ("403 Forbidden", "the index refuses this (403)", "check the credentials and what they may read"),
    (
        "not found in the cache",
        "nothing is known of this without the network",
        "run once without --offline",
    ),
    ("not found in the package registry", "no index has this name", "check the spelling and the indexes"),
    ("no usable wheels", "only a source distribution exists", "--sdist audits it without building it"),
    (
        "there are no versions of",
        "no version can be had",
        "check the index: is it one, does it list files?",
    ),
    ("there is no version of", "no version fits", "ask for a version that exists"),
    ("unsatisfiable", "the requirements contradict each other", "loosen one of them"),
    ("unexpected JSON", "the index's answer is no JSON", "check that the address is that of an index"),
    ("Failed to fetch", "the index does not answer", "check the network, the proxy and the address"),
)
"""What uv says, in plain words, and what to do; the first that fits."""


def _plain(reason: str, hint: str) -> tuple[str, str]:
    """Words for what often happens, with what to do; else uv's own."""
    for part, what, better in MEANINGS:
        if part in reason or part in hint:
            return f"{what}: {reason}", better
    return f"resolving failed: {reason}", ""


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
