"""Modules that are imported by name: customize modules, Debian's hook, squatted names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wheelwatch.catalogue.squat import Squat, squats
from wheelwatch.limits import Limits
from wheelwatch.model import Distribution, Member, StartupEntry, StartupKind, Version
from wheelwatch.startup.files import Read
from wheelwatch.startup.header import is_unchecked, version_of
from wheelwatch.startup.layout import Layout, Located
from wheelwatch.startup.modules import WINDOWS, Form
from wheelwatch.startup.pth import ordered
from wheelwatch.startup.route import Routes, Taken

CUSTOMIZE = {
    "sitecustomize": (StartupKind.SITECUSTOMIZE, ""),
    "usercustomize": (StartupKind.USERCUSTOMIZE, "only where the user site is on: not in a plain venv"),
    "apport_python_hook": (StartupKind.APPORT, "on Debian and Ubuntu"),
}
_WHEN = {
    "import": "imported with {}",
    "call": "imported by functions of {}",
    "build": "imported with {} where this Python was built without it",
}
_NATIVE_HEADS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xce\xfa\xed\xfe")


def asked_names() -> frozenset[str]:
    """Every top-level name that this module looks for."""
    return frozenset(CUSTOMIZE) | {squat.name.partition(".")[0] for squat in squats()}


class Modules:
    """Turns what names find on the import path into entries."""

    def __init__(self, layout: Layout, routes: Routes, read: Read, limits: Limits) -> None:
        self._layout = layout
        self._routes = routes
        self._read = read
        self._limits = limits

    def customize(self, *, has_user_site: bool) -> Iterator[StartupEntry]:
        """``sitecustomize``, ``usercustomize`` and ``apport_python_hook``, wherever the path has them."""
        for name, (kind, condition) in CUSTOMIZE.items():
            if name == "usercustomize" and not has_user_site:
                continue
            for one in self._routes.search(name):
                yield from self._entries(kind, one, condition)

    def squatted(self, distributions: tuple[Distribution, ...]) -> Iterator[StartupEntry]:
        """Modules of names that the standard library asks for and does not have everywhere."""
        for squat in squats():
            asking = ", ".join(squat.imported_by[:4])
            parts = squat.name.split(".")
            for count in range(1, len(parts) + 1):
                for one in self._routes.search(".".join(parts[:count])):
                    if _is_at_home(distributions[one.found.located.distribution], squat):
                        continue
                    one.pythons &= set(squat.pythons)
                    yield from self._entries(StartupKind.SQUAT, one, _WHEN[squat.when].format(asking))

    def _entries(self, kind: StartupKind, one: Taken, condition: str) -> Iterator[StartupEntry]:
        found = one.found
        detail, pythons = "", frozenset(one.pythons)
        if found.form is Form.NATIVE:
            detail = self._native(found.located.member, one.name)
        elif found.form is Form.BYTECODE:
            data = self._bytes(found.located.member)
            if data is not None:
                pythons &= {version_of(data)}
            detail = "bytecode without source"
        elif not one.stop.is_zip:
            yield from self._cached(kind, one, condition)
        if pythons:
            yield _entry(kind, one, found.located, pythons, (detail, condition))

    def _cached(self, kind: StartupKind, one: Taken, condition: str) -> Iterator[StartupEntry]:
        """Unchecked bytecode in ``__pycache__``: it runs whatever the source beside it says."""
        located = one.found.located
        place = located.member.path.removesuffix("/" + located.name)
        folder = "" if place == located.member.path else place
        stem = located.name.partition(".")[0]
        for other in self._layout.inside(
            one.stop.root, f"{folder}/__pycache__" if folder else "__pycache__"
        ):
            if not (other.name.startswith(stem + ".") and other.name.endswith(".pyc")):
                continue
            data = self._bytes(other.member)
            version = version_of(data) if data is not None else None
            if data is not None and version in one.pythons and is_unchecked(data):
                detail = "unchecked bytecode that runs in place of the source"
                yield _entry(kind, one, other, (version,), (detail, condition))

    def _native(self, member: Member, name: str) -> str:
        data = self._bytes(member)
        if data is None:
            return "native"
        if not data.startswith(_NATIVE_HEADS):
            return "native by its name only: runs nothing and hides the source behind it"
        if b"PyInit_" + name.rpartition(".")[2].encode() not in data:
            return "native without a module in it: what runs are its constructors, in silence"
        return "native"

    def _bytes(self, member: Member) -> bytes | None:
        """The content, ``None`` when it cannot be had; what it holds is judged elsewhere."""
        if member.size > self._limits.source_bytes:
            return None
        data = self._read(member)
        return data if isinstance(data, bytes) else None


def _entry(
    kind: StartupKind,
    one: Taken,
    located: Located,
    pythons: Iterable[Version | None],
    notes: tuple[str, ...],
) -> StartupEntry:
    parts = (
        f"in a folder that {one.stop.by} adds to the path" if one.stop.by else "",
        "on Windows" if one.platforms == WINDOWS else "",
        *notes,
    )
    return StartupEntry(
        kind=kind,
        distribution=located.distribution,
        member=located.member,
        line=0,
        text="",
        pythons=ordered(version for version in pythons if version is not None),
        target=one.name,
        detail="; ".join(part for part in parts if part),
    )


def _is_at_home(distribution: Distribution, squat: Squat) -> bool:
    """Every platform of the wheel is the one to which the name belongs."""
    platforms = [tag.rpartition("-")[2] for tag in distribution.tags]
    return bool(squat.platform and platforms) and all(
        platform.startswith(squat.platform) for platform in platforms
    )


def has_user_site(layout: Layout, read: Read, roots: tuple[str, ...]) -> bool:
    """Whether the user site may be on: not in a virtual environment that leaves the system's site out."""
    for root in roots:
        for located in layout.inside(root, "{prefix}") if root else ():
            if located.name == "pyvenv.cfg":
                data = read(located.member)
                return not isinstance(data, bytes) or _includes_system_site(data)
    return True


def _includes_system_site(data: bytes) -> bool:
    for line in data.decode("utf-8", "replace").splitlines():
        key, equals, value = line.partition("=")
        if equals and key.strip().lower() == "include-system-site-packages":
            return value.strip().lower() == "true"
    return False
