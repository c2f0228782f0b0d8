"""The judged set as a lock file: ``pylock.toml``, or a requirements file with hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wheelwatch import __version__
from wheelwatch.errors import UsageError
from wheelwatch.model import Version
from wheelwatch.sources.address import shown
from wheelwatch.sources.plan import Locked
from wheelwatch.sources.request.lock import is_pylock

HEADER = f"# The files that wheelwatch {__version__} judged; made by `wheelwatch audit --write-lock`.\n"


def render(path: str, files: Sequence[Locked], others: Sequence[str], python: Version) -> str:
    """The lock in the form that its name asks for.

    Args:
        path: ``pylock.toml``, ``pylock.NAME.toml``, or a requirements file ``*.txt``.
        files: what was downloaded, checked and judged.
        others: names of packages that were judged but are no such files.
        python: the version for which they were chosen.

    Raises:
        UsageError: the name is neither, or something judged cannot be locked.
    """
    if others:
        what = f"{', '.join(others)} cannot stand in a lock: not a file that can be downloaded again"
        raise UsageError(path, what, "build wheels of these and audit them")
    require_name(path)
    ordered = sorted(files, key=lambda file: file.name)
    if is_pylock(path):
        return _pylock(ordered, python)
    return HEADER + "".join(_row(file) for file in ordered)


def require_name(path: str) -> None:
    """Refuses what is neither ``pylock.toml``, ``pylock.NAME.toml`` nor ``*.txt``.

    Raises:
        UsageError: it is none of them.
    """
    if not (is_pylock(path) or path.endswith(".txt")):
        hint = "name it pylock.toml, pylock.NAME.toml or requirements.txt"
        raise UsageError(path, "is no name of a lock", hint)


def _row(file: Locked) -> str:
    # An sdist stands with its hash like a wheel; pip then takes this very file.
    return f"{file.name}=={file.version} \\\n    --hash={_sha256(file)}\n"


def _pylock(files: Sequence[Locked], python: Version) -> str:
    return "\n".join(_lines(files, python))


def _lines(files: Sequence[Locked], python: Version) -> Iterator[str]:
    yield HEADER + 'lock-version = "1.0"'
    yield f'requires-python = "=={python}.*"'
    yield f'created-by = "wheelwatch {__version__}"'
    for file in files:
        yield ""
        yield "[[packages]]"
        yield f"name = {_text(file.name)}"
        yield f"version = {_text(file.version)}"
        table = (
            f"{{ name = {_text(file.filename)}, {_place(file)}{_more(file)}hashes = {{ {_hash(file)} }} }}"
        )
        yield f"sdist = {table}" if file.is_sdist else f"wheels = [{table}]"
    yield ""


def _place(file: Locked) -> str:
    """The address without credentials: a lock is shared."""
    if "://" in file.url:
        return f"url = {_text(shown(file.url))}, "
    return f"path = {_text(file.url)}, "


def _more(file: Locked) -> str:
    uploaded = f"upload-time = {file.uploaded}, " if file.uploaded else ""
    return f"{uploaded}size = {file.size}, " if file.size is not None else uploaded


def _hash(file: Locked) -> str:
    return f"sha256 = {_text(_sha256(file).partition(':')[2])}"


def _sha256(file: Locked) -> str:
    return next(one for one in file.hashes if one.startswith("sha256:"))


def _text(value: str) -> str:
    import json  # noqa: PLC0415 - a JSON string of ASCII is a TOML string

    return json.dumps(value)
