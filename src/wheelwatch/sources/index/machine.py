"""The machine for which packages are chosen: its Python, its platform, what markers and tags say of it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator

import msgspec
from packaging.markers import Environment, default_environment
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms, sys_tags

from wheelwatch.errors import UsageError
from wheelwatch.model import SUPPORTED_PYTHONS, Version

OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
LATEST_MICRO = {"3.8": 20, "3.9": 25, "3.10": 20, "3.11": 15, "3.12": 13}
"""The last release where there will be none; an installer would meet it or a later one."""

SYSTEMS = {
    "linux": "x86_64-manylinux_2_28",
    "windows": "x86_64-pc-windows-msvc",
    "macos": "aarch64-apple-darwin",
}
GLIBC = {"unknown-linux-gnu": 28, "manylinux2014": 17}
"""The glibc 2.x that uv takes a platform for."""
LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
MACOS = {"aarch64": 13, "x86_64": 13}


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """A Python version and a platform, in uv's words; an empty platform is this machine's own."""

    python: Version = OWN
    platform: str = ""

    @property
    def is_own(self) -> bool:
        """It is the interpreter that runs wheelwatch, here."""
        return self.python == OWN and not self.platform

    @property
    def full_version(self) -> str:
        """The version with its micro: that of this interpreter, else the latest that was released."""
        if self.python == OWN:
            return platform.python_version()
        return f"{self.python}.{LATEST_MICRO.get(self.python, 5)}"

    def environment(self) -> Environment:
        """What markers see."""
        found = default_environment()
        found["implementation_name"], found["platform_python_implementation"] = "cpython", "CPython"
        if self.python != OWN:
            found["python_version"] = self.python
            found["python_full_version"] = found["implementation_version"] = self.full_version
        if self.platform:
            found.update(_system(self.platform))  # type: ignore[typeddict-item]
        return found

    def tags(self) -> tuple[Tag, ...]:
        """The tags that it takes, the best first."""
        if self.is_own:
            return tuple(sys_tags())
        major, minor = map(int, self.python.split("."))
        platforms = list(_platforms(self.platform)) if self.platform else _own_platforms()
        interpreter = f"cp{major}{minor}"
        abis = [f"cp{major}{minor}"]
        return (
            *cpython_tags((major, minor), abis, platforms),
            *compatible_tags((major, minor), interpreter, platforms),
        )


def machine(python: str, platform_: str) -> Machine:
    """The machine that options name.

    Raises:
        UsageError: there is no such platform or version.
    """
    if python not in SUPPORTED_PYTHONS:
        hint = f"choose from {', '.join(SUPPORTED_PYTHONS)}"
        raise UsageError("--python-version", f"{python} is not a version that wheelwatch judges", hint)
    named = SYSTEMS.get(platform_, platform_)
    if named and not list(_platforms(named)):
        hint = (
            "linux, windows, macos, or as uv names them: x86_64-manylinux_2_28, aarch64-apple-darwin, ..."
        )
        raise UsageError("--platform", f"{platform_} is not a known platform", hint)
    return Machine(python=python, platform=named)


def _own_platforms() -> list[str]:
    return list(dict.fromkeys(tag.platform for tag in sys_tags() if tag.platform != "any"))


def _platforms(name: str) -> Iterator[str]:
    """The platform tags of one of uv's platform names, the best first; nothing for an unknown name."""
    arch, _, rest = name.partition("-")
    if arch not in ("x86_64", "aarch64", "i686", "riscv64"):
        return
    if rest == "pc-windows-msvc":
        yield {"x86_64": "win_amd64", "aarch64": "win_arm64", "i686": "win32"}.get(arch, "win_amd64")
    elif rest == "apple-darwin":
        mac = "arm64" if arch == "aarch64" else arch
        yield from mac_platforms((MACOS.get(arch, 13), 0), mac)
    elif rest == "unknown-linux-musl":
        yield from (f"musllinux_1_{minor}_{arch}" for minor in (2, 1, 0))
        yield f"linux_{arch}"
    elif (glibc := _glibc(rest)) is not None:
        for minor in range(glibc, 4, -1):
            yield f"manylinux_2_{minor}_{arch}"
            if minor in LEGACY:
                yield f"{LEGACY[minor]}_{arch}"
        yield f"linux_{arch}"


def _glibc(rest: str) -> int | None:
    if rest in GLIBC:
        return GLIBC[rest]
    number = rest.removeprefix("manylinux_2_")
    return int(number) if number != rest and number.isdecimal() and 5 <= int(number) <= 99 else None


def _system(name: str) -> dict[str, str]:
    arch, _, rest = name.partition("-")
    if "windows" in rest:
        machine_ = {"x86_64": "AMD64", "aarch64": "ARM64", "i686": "x86"}.get(arch, arch)
        return _words("nt", "win32", "Windows", machine_)
    if "darwin" in rest:
        return _words("posix", "darwin", "Darwin", "arm64" if arch == "aarch64" else arch)
    return _words("posix", "linux", "Linux", arch)


def _words(os_name: str, sys_platform: str, system: str, machine_: str) -> dict[str, str]:
    return {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine_,
        "platform_release": "",
        "platform_version": "",
    }
