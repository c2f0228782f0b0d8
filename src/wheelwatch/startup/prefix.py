"""Files outside site-packages that the interpreter or its tools obey (A.6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from wheelwatch.archive.place import PREFIX
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Distribution,
    EntryPoint,
    NotAnalysed,
    PackageKind,
    StartupEntry,
    StartupKind,
    TargetSet,
    Version,
)
from wheelwatch.startup.files import Read
from wheelwatch.startup.jupyter import is_own_setting
from wheelwatch.startup.layout import Layout, Located
from wheelwatch.startup.pth import ordered
from wheelwatch.startup.wrapper import is_generated

_POSIX_PATH_FILES = ("3.11", "3.12", "3.13", "3.14", "3.15")
_SCRIPT = re.compile(r"(?:bin|Scripts)/(?P<name>[^/]+)")
_INTERPRETER = re.compile(r"(?:python|pypy)w?[\d.]*t?(?:\.exe)?", re.IGNORECASE)
_INSTALLER = re.compile(r"(?:pip|easy_install|uv)[\d.-]*(?:\.exe|-script\.py)?", re.IGNORECASE)
_ACTIVATION = re.compile(r"(?:de)?activate(?:[._]\w+)*(?:\.\w+)?", re.IGNORECASE)
_LIBRARY = re.compile(r"(?:lib|lib64)/python(?P<version>3\.\d+)t?/(?P<rest>(?!(?:site|dist)-packages/).+)")
_ZIP = re.compile(r"(?:(?:lib|lib64)/)?python3(?P<minor>\d+)\.zip(?:/(?P<inner>.+))?")
_JUPYTER = re.compile(
    r"(?:etc/jupyter/jupyter_\w*config(?:\.py|\.json|\.d/[^/]+\.json)|share/jupyter/kernels/[^/]+/kernel\.json)"
)
_IPYTHON = re.compile(r"etc/ipython/(?:startup/[^/]+\.i?py|ipython_\w*config\.(?:py|json))")
_CODE = (".py", ".pyc", ".so", ".pyd", ".pth")
_PIP_SETTING = re.compile(
    rb"(?im)^[ \t]*(?:index-url|extra-index-url|find-links|trusted-host|proxy|cert|client-cert|constraint"
    rb"|requirement|no-index|pre|target|python|log|config-settings)[ \t]*[=:]"
)
# What a start loads from files (A.7): all of it before 3.11, encodings always.
_CORE = frozenset(
    {"encodings", "codecs", "io", "abc", "site", "os", "stat", "posixpath", "genericpath", "sitecustomize"}
    | {"_collections_abc", "_sitebuiltins", "usercustomize", "linecache"}
)
_JSON_BYTES = 1024 * 1024


class Mechanism(msgspec.Struct, frozen=True):
    """What one prefix file does: its kind in one word, for which Pythons, and why it matters."""

    name: str
    detail: str
    pythons: tuple[Version, ...] = SUPPORTED_PYTHONS


class Prefix:
    """Finds the prefix files of one set."""

    def __init__(self, target: TargetSet, layout: Layout, read: Read) -> None:
        self._target = target
        self._layout = layout
        self._read = read

    def entries(self) -> Iterator[StartupEntry]:
        """Every file below ``{prefix}`` that something obeys, and entry points that take such a name."""
        folders = (key for key in self._layout.folders if f"{key[1]}/".startswith(PREFIX))
        for root, folder in sorted(folders):
            for located in self._layout.inside(root, folder):
                path = f"{folder}/{located.name}".removeprefix(PREFIX)
                if (found := self._mechanism(path, located)) is not None and found.pythons:
                    yield _entry(located, found)
        for index, distribution in enumerate(self._target.distributions):
            yield from self._commands(index, distribution)

    def _mechanism(self, path: str, located: Located) -> Mechanism | None:
        owner = self._target.distributions[located.distribution]
        is_owned = owner.kind is not PackageKind.UNOWNED
        return (
            _zip(path)
            or _path_file(path)
            or _single(path, located, is_owned=is_owned, read=self._bytes)
            or self._script(path, located, owner)
            or (_library(path) if is_owned else None)
            or self._tool(path, located, owner)
        )

    def _script(self, path: str, located: Located, owner: Distribution) -> Mechanism | None:
        match = _SCRIPT.fullmatch(path)
        if match is None:
            return None
        name = match["name"]
        if _INTERPRETER.fullmatch(name):
            return Mechanism("interpreter", "stands in the place of the interpreter")
        if owner.kind is PackageKind.UNOWNED:
            return None  # every environment has scripts that nobody lists
        if _ACTIVATION.fullmatch(name):
            return Mechanism("activation", "runs when the environment is activated")
        if _INSTALLER.fullmatch(name) and not self._is_wrapper(located, name, owner):
            return Mechanism("installer", "runs in the place of the installer")
        return None

    def _is_wrapper(self, located: Located, name: str, owner: Distribution) -> bool:
        """The script that an installer writes for an entry point of the installer's own package."""
        package = _package_of(name)
        if not any(member.path == f"{package}/__init__.py" for member in owner.members):
            return False
        data = self._bytes(located)
        return data is None or is_generated(data, package) or name.endswith(".exe")

    def _tool(self, path: str, located: Located, owner: Distribution) -> Mechanism | None:
        if _IPYTHON.fullmatch(path):
            return Mechanism("ipython", "runs at every start of IPython and of Jupyter's kernels")
        if not _JUPYTER.fullmatch(path):
            return None
        if path.endswith(".py"):
            return Mechanism("jupyter", "runs at every start of Jupyter")
        data = self._bytes(located)
        # What ``ipykernel install`` writes belongs to nobody and starts a package of the environment.
        owners = self._target.distributions if owner.kind is PackageKind.UNOWNED else (owner,)
        if data is not None and is_own_setting(data, owners, owner.root):
            return None
        return Mechanism("jupyter", "names a program or a module of others that Jupyter runs")

    def _commands(self, index: int, distribution: Distribution) -> Iterator[StartupEntry]:
        """Entry points of an archive whose script would take the place of a tool."""
        if distribution.kind not in (PackageKind.WHEEL, PackageKind.SDIST):
            return
        for point in distribution.entry_points:
            if point.group not in ("console_scripts", "gui_scripts"):
                continue
            if not _takes_place(point):
                continue
            member = next((m for m in distribution.members if m.path.endswith("/entry_points.txt")), None)
            if member is not None:
                detail = f"its command {point.name} takes the place of a tool"
                yield _entry(Located(index, member, ""), Mechanism(point.value, detail))

    def _bytes(self, located: Located) -> bytes | None:
        if located.member.size > _JSON_BYTES:
            return None
        data = self._read(located.member)
        return None if isinstance(data, NotAnalysed) else data


def _takes_place(point: EntryPoint) -> bool:
    """Whether the command has the name of a tool and is not that tool's own."""
    if _INTERPRETER.fullmatch(point.name) or _ACTIVATION.fullmatch(point.name):
        return True
    module = point.value.partition(":")[0].strip().partition(".")[0]
    return _INSTALLER.fullmatch(point.name) is not None and module != _package_of(point.name)


def _package_of(script: str) -> str:
    """The package to which an installer's script belongs: ``pip3.12`` to ``pip``."""
    return "setuptools" if script.startswith("easy_install") else re.split(r"[\d.-]", script)[0].lower()


def _zip(path: str) -> Mechanism | None:
    match = _ZIP.fullmatch(path)
    if match is None:
        return None
    pythons = ordered({f"3.{match['minor']}"})
    detail = (
        "comes before the standard library on the import path when the prefix is no virtual environment"
    )
    inner = match["inner"]
    if inner is None:
        return Mechanism("library-zip", detail, pythons)
    if inner.split("/")[0].partition(".")[0] in _CORE and inner.endswith(_CODE):
        return Mechanism("library-zip", f"a module of every start; {detail}", pythons)
    return None


def _path_file(path: str) -> Mechanism | None:
    if not path.endswith("._pth"):
        return None
    detail = "replaces the import path of the interpreter beside it"
    folder = path.rpartition("/")[0]
    if folder == "bin":
        return Mechanism("path-file", detail, _POSIX_PATH_FILES)
    if folder in ("", "Scripts"):
        return Mechanism("path-file", f"{detail}, on Windows")
    return None


def _single(
    path: str, located: Located, *, is_owned: bool, read: Callable[[Located], bytes | None]
) -> Mechanism | None:
    if path == "pyvenv.cfg" and is_owned:
        return Mechanism("venv-config", "moves the standard library and the site directories")
    if path in ("pip.conf", "pip.ini"):
        data = read(located)
        if is_owned or data is None or _PIP_SETTING.search(data):
            return Mechanism("pip-config", "decides where pip installs from")
    return None


def _library(path: str) -> Mechanism | None:
    match = _LIBRARY.fullmatch(path)
    if match is None or not path.endswith(_CODE):
        return None
    detail = "in the folder of the standard library when the prefix is no virtual environment"
    return Mechanism("library", detail, ordered({match["version"]}))


def _entry(located: Located, mechanism: Mechanism) -> StartupEntry:
    return StartupEntry(
        kind=StartupKind.PREFIX,
        distribution=located.distribution,
        member=located.member,
        line=0,
        text="",
        pythons=mechanism.pythons,
        target=mechanism.name,
        detail=mechanism.detail,
    )
