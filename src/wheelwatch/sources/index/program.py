"""The uv program: started in an empty folder of ours, with nothing of the user or the project to read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from wheelwatch.errors import WheelwatchError
from wheelwatch.limits import MIB
from wheelwatch.sources.index.settings import UNSET, Index, Settings

PASSED = (
    *("HOME", "NETRC", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSL_CLIENT_CERT"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)
"""Variables that uv may see; not PATH, and nothing that configures uv or Python."""

SECONDS = 600
LOOK = 0.2
"""Seconds between two looks at its memory."""
RESIDENT = 1024 * MIB
"""An index that never stops talking must not take the machine's memory; 150 packages take 60 MiB."""
BYTES = 6 * 1024 * MIB
"""Address space, for systems that do not tell what a process holds."""
GIVEN_UP = -9
"""The code of a program that took too long or too much."""


class NoUvError(WheelwatchError):
    """The uv program cannot be used."""


class Answer(msgspec.Struct, frozen=True):
    """How uv ended and what it said; the folder in which it ran is not mentioned."""

    code: int
    out: str
    err: str


def find_uv() -> str:
    """The program that came with this environment.

    Raises:
        NoUvError: there is none.
    """
    hint = "install it beside wheelwatch: pip install uv"
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - only when something is resolved

        return os.fsdecode(find_uv_bin())
    except (ImportError, FileNotFoundError):
        raise NoUvError(
            "uv", "the program cannot be found, and without it nothing is resolved", hint
        ) from None


def run_uv(
    arguments: Sequence[str],
    files: Mapping[str, str],
    *,
    settings: Settings | None = None,
    cache: str,
    is_offline: bool = False,
) -> Answer:
    """Runs uv on files that we wrote.

    Args:
        arguments: subcommand and options.
        files: names and contents of what it finds in its folder.
        settings: its indexes; ``None`` where it needs none.
        cache: folder in which it keeps what it learnt of indexes.
        is_offline: it may use that folder only.

    Raises:
        NoUvError: it cannot be started, or does not end.
    """
    program = find_uv()
    with tempfile.TemporaryDirectory(prefix="wheelwatch-uv-") as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        command = [program, *arguments, "--no-config", "--no-python-downloads", "--python", sys.executable]
        command += ["--cache-dir", cache, "--no-progress", "--color", "never"]
        command += [*(_index_options(settings) if settings else ()), *(["--offline"] if is_offline else [])]
        environment = _environment(settings)
        try:
            answer = _run(command, folder, environment)
        except OSError as error:
            what = f"cannot be started: {error.strerror}"
            raise NoUvError("uv", what, "install it again: pip install --force-reinstall uv") from None
        return Answer(
            answer.code, answer.out, answer.err.replace(os.path.realpath(folder), "").replace(folder, "")
        )


def with_own_index(settings: Settings, cache: str) -> Settings:
    """Settings in which the index that nobody configured has its address, as uv knows it.

    Raises:
        NoUvError: uv cannot be started, or names none.
    """
    if all(index.url != UNSET for index in settings.indexes):
        return settings
    arguments = ("pip", "compile", "--emit-index-url", "--quiet", "nothing.in")
    answer = run_uv(arguments, {"nothing.in": ""}, cache=cache, is_offline=True)
    told = re.search(r"^--index-url (\S+)$", answer.out, re.MULTILINE)
    if told is None:
        raise NoUvError("uv", "does not tell which index it takes", "name one: --index-url")
    replace = msgspec.structs.replace
    return replace(
        settings,
        indexes=tuple(
            replace(index, url=told[1]) if index.url == UNSET else index for index in settings.indexes
        ),
    )


def _run(command: Sequence[str], folder: str, environment: Mapping[str, str]) -> Answer:
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        _limit(process.pid)
        try:
            out, err = _followed(process)
        except _TooMuchError as error:
            process.kill()
            return Answer(GIVEN_UP, "", f"error: {error}")
        except BaseException:
            process.kill()
            raise
    return Answer(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


def _followed(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What it writes, as long as it takes neither too much time nor too much memory.

    Raises:
        _TooMuchError: it does.
    """
    begin = time.monotonic()
    while True:
        try:
            return process.communicate(timeout=LOOK)
        except subprocess.TimeoutExpired:
            if time.monotonic() - begin > SECONDS:
                raise _TooMuchError(f"uv did not end within {SECONDS} seconds") from None
            if _resident(process.pid) > RESIDENT:
                what = f"uv took more than {RESIDENT // MIB} MiB: an index does not stop talking"
                raise _TooMuchError(what) from None


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell in this way."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as stream:  # noqa: PTH123
            return int(stream.read(256).split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


class _TooMuchError(Exception):
    """The program takes more than it may have."""


def _limit(pid: int) -> None:
    import resource  # noqa: PLC0415 - POSIX

    if hasattr(resource, "prlimit"):
        try:
            resource.prlimit(pid, resource.RLIMIT_AS, (BYTES, BYTES))
        except (OSError, ValueError):
            return


def _environment(settings: Settings | None) -> dict[str, str]:
    found = {name: os.environ[name] for name in PASSED if os.environ.get(name)}
    found |= {"UV_HTTP_TIMEOUT": "30", "UV_NO_ENV_FILE": "1"}
    if settings is None:
        return found
    if settings.cert:
        found["SSL_CERT_FILE"] = settings.cert
    if settings.client_cert:
        found["SSL_CLIENT_CERT"] = settings.client_cert
    if settings.proxy:
        found |= {"HTTP_PROXY": settings.proxy, "HTTPS_PROXY": settings.proxy}
    if settings.keyring:
        found["PATH"] = os.pathsep.join(
            p for p in os.environ.get("PATH", "").split(os.pathsep) if p[:1] == "/"
        )
    for number, index in enumerate(settings.indexes):
        key = f"UV_INDEX_{_name(number).upper()}"
        given = {f"{key}_USERNAME": index.user, f"{key}_PASSWORD": index.password}
        found |= {name: value for name, value in given.items() if value}
    if settings.find_links:
        found["UV_FIND_LINKS"] = ",".join(map(_with_credentials, settings.find_links))
    return found


def _index_options(settings: Settings) -> list[str]:
    """The indexes; their credentials go another way, as any user may read a command line."""
    options = ["--index-strategy", settings.strategy]
    options += ["--keyring-provider", "subprocess" if settings.keyring else "disabled"]
    for number, index in enumerate(settings.indexes):
        option = "--default-index" if index.is_default else "--index"
        options += [option, f"{_name(number)}={index.url}"]
    if not settings.indexes:
        options.append("--no-index")
    for host in settings.trusted_hosts:
        options += ["--allow-insecure-host", host]
    return options


def _with_credentials(link: Index) -> str:
    """An address as a member of a list; in a variable only this user can read it."""
    url = link.url.replace(",", "%2C")
    if not (link.user or link.password):
        return url
    user = f"{quote(link.user, safe='')}:{quote(link.password, safe='')}@"
    return url.replace("://", f"://{user}", 1)


def _name(number: int) -> str:
    return f"wheelwatch{number}"
