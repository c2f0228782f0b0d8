"""pip's strict mode: where one hash is asked for every file needs one, as pip-api reads the flat list."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from wheelwatch.model import Failure
from wheelwatch.sources.index.reading import Arrived
from wheelwatch.sources.index.settings import Installer, Settings
from wheelwatch.sources.plan import Plan

SECONDS = 120
PROGRAM = """
import json, sys
import pip_api
from pip_api.exceptions import PipError
try:
    found = pip_api.parse_requirements(sys.argv[1], strict_hashes=True)
except PipError as error:
    print(json.dumps({"error": str(error)}))
else:
    print(json.dumps({"names": sorted(found)}))
"""
HINT = "pip compile --generate-hashes writes all of them, and so does --write-lock"


def check_hashes(plan: Plan, arrived: Sequence[Arrived], settings: Settings) -> list[Failure]:
    """What pip would refuse in hash-checking mode; nothing when no hash is asked for.

    Args:
        plan: the requirements with their hashes.
        arrived: what was resolved.
        settings: whose rules count; uv checks the hashes that there are and asks for no more.
    """
    rows = (*plan.requirements, *plan.constraints)
    is_strict = settings.require_hashes or any(row.hashes for row in rows)
    if settings.installer is not Installer.PIP or not is_strict:
        return []
    hashes: dict[str, tuple[str, ...]] = {}
    for row in rows:
        hashes[row.name] = hashes.get(row.name, ()) + row.hashes
    found = [one.locked for one in arrived if one.locked is not None and one.locked.asked is None]
    bare = [file.name for file in found if not hashes.get(file.name)]
    failures = [
        Failure(where=name, what="has no hash, and pip refuses that where others have one", hint=HINT)
        for name in bare
    ]
    text = "".join(
        _row(file.name, file.version, hashes[file.name]) for file in found if hashes.get(file.name)
    )
    return [*failures, *strict(text)]


def strict(text: str) -> list[Failure]:
    """What pip-api says of a flat list that we wrote: names, exact versions, hashes.

    It starts pip when it is imported, so it runs in a process of its own, in an empty folder, with
    nothing in the environment that could lead it to other code.
    """
    with tempfile.TemporaryDirectory(prefix="wheelwatch-strict-") as folder:
        path = Path(folder, "flat.txt")
        path.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", PROGRAM, str(path)],
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
            answer = json.loads(done.stdout)
        except (OSError, ValueError, subprocess.SubprocessError):
            what = "the hashes could not be checked as pip does: pip-api does not run"
            return [Failure(where="pip-api", what=what, hint="install it again: pip install pip-api pip")]
    error = answer.get("error")
    return (
        [Failure(where="hashes", what=str(error).replace(str(path), "the resolved set"), hint=HINT)]
        if error
        else []
    )


def _environment(folder: str) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": folder, "PYTHONSAFEPATH": "1", "PIP_CONFIG_FILE": os.devnull}


def _row(name: str, version: str, hashes: Sequence[str]) -> str:
    return f"{name}=={version} {' '.join(f'--hash={one}' for one in sorted(set(hashes)))}\n"
