"""Where the modules of a set are: from a dotted name to the files that an import of it would execute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wheelwatch.model import Member, PackageKind, StartupEntry, StartupKind, TargetSet
from wheelwatch.reach.paths import Paths

SOURCE_SUFFIXES = (".py", ".pyw")
NATIVE_SUFFIXES = (".so", ".pyd")
BYTECODE_SUFFIX = ".pyc"

TREES = frozenset({PackageKind.SDIST, PackageKind.FOLDER})
"""Kinds of distributions that hold more than an install places."""

FileId = int
"""Index into ``Places.members``; the linked files of a set are numbered."""

Folder = tuple[str, str]
"""A root of the import path or a folder below one: the root, then a prefix, empty or with a final ``/``."""


class Places:
    """The modules of one set by their install places.

    Files are numbered in the order of the distributions and their members. Code that belongs to no
    member (the executed line of a ``.pth``) is added with `add`.
    """

    def __init__(self, target: TargetSet, entries: Iterable[StartupEntry] = ()) -> None:
        self.members: list[Member] = []
        self.owners: list[int] = []
        self._homes: list[Folder] = []
        self._stems: dict[str, dict[str, list[FileId]]] = {}
        self._paths: dict[tuple[int, str], FileId] = {}
        self._built: dict[str, tuple[Folder, ...]] = {}
        self._sources: dict[object, FileId] | None = None
        self.paths = Paths(target.distributions)
        self._kinds = [distribution.kind for distribution in target.distributions]
        for number, distribution in enumerate(target.distributions):
            unplaced = f"{{source}}{number}" if distribution.kind in TREES else None
            if unplaced is not None:
                folders = distribution.build_folders or ("",)
                self._built[unplaced] = tuple((unplaced, folder) for folder in folders)
            for member in distribution.members:
                self._enter(number, member, distribution.root, unplaced)
        self.folders = _folders(target, entries)
        self._tops = self._by_top()
        self._parents = self._by_last()

    def _enter(self, owner: int, member: Member, root: str, unplaced: str | None) -> None:
        path = member.place if member.place is not None else member.stored
        if not path.endswith((*SOURCE_SUFFIXES, *NATIVE_SUFFIXES, BYTECODE_SUFFIX)):
            return
        file = self.add(owner, member, (root, ""))
        if member.place is not None and not member.place.startswith("{"):
            self._index(root, member.place, file)
            if member.uv_place is not None and member.uv_place != member.place:
                self._index(root, member.uv_place, file)
        if unplaced is not None:
            stored = self._inner(owner, member)
            self._index(unplaced, stored, file)
            if member.place is None:
                self._homes[file] = (unplaced, _parent(stored))

    def _inner(self, owner: int, member: Member) -> str:
        """The path of a member inside its source tree: an sdist has a folder around it."""
        is_packed = self._kinds[owner] is PackageKind.SDIST
        return (member.stored.partition("/")[2] if is_packed else "") or member.stored

    def built(self, root: str) -> tuple[Folder, ...]:
        """The folders of a source tree from which its build imports."""
        return self._built.get(root, ())

    def add(self, owner: int, member: Member, home: Folder) -> FileId:
        """Number a file; ``home`` is the folder that its relative imports start from."""
        file = len(self.members)
        self.members.append(member)
        self.owners.append(owner)
        self._homes.append((home[0], _parent(member.place)) if member.place is not None else home)
        self._paths.setdefault((owner, member.path), file)
        return file

    def _by_top(self) -> dict[str, tuple[Folder, ...]]:
        """First parts of module names, each with the folders of the import path that hold it, in order."""
        found: dict[str, dict[Folder, None]] = {}
        for folder in self.folders:
            root, prefix = folder
            for stem in self._stems.get(root, {}):
                if stem.startswith(prefix):
                    top = stem[len(prefix) :].partition("/")[0]
                    found.setdefault(top, {}).setdefault(folder)
        return {top: tuple(folders) for top, folders in found.items()}

    def holding(self, top: str) -> tuple[Folder, ...]:
        """The folders of the import path that hold a top-level module or package of this name."""
        return self._tops.get(top, ())

    def parents(self, name: str) -> frozenset[Folder]:
        """The folders that hold a module or package of this name (one part, no dots)."""
        return self._parents.get(name, frozenset())

    def _by_last(self) -> dict[str, frozenset[Folder]]:
        found: dict[str, set[Folder]] = {}
        for root, stems in self._stems.items():
            for stem in stems:
                path = stem.removesuffix("/__init__")
                found.setdefault(path.rpartition("/")[2], set()).add((root, _parent(path)))
        return {last: frozenset(folders) for last, folders in found.items()}

    def is_built(self, file: FileId) -> bool:
        """Whether the file lies in a source tree of its own, where its neighbours come first."""
        return self._homes[file][0].startswith("{source}")

    def _index(self, root: str, path: str, file: FileId) -> None:
        self._stems.setdefault(root, {}).setdefault(_stem(path), []).append(file)

    def find(self, folder: Folder, path: str) -> tuple[FileId, ...]:
        """The files of the module at ``path`` (``a/b``) below a folder; a package comes before a module."""
        stems = self._stems.get(folder[0])
        if stems is None:
            return ()
        found = stems.get(f"{folder[1]}{path}/__init__") or stems.get(folder[1] + path)
        return self._loaded(found) if found else ()

    def _loaded(self, found: list[FileId]) -> tuple[FileId, ...]:
        """Of the files of one module, those that some interpreter loads: no bytecode beside its source."""
        if len(found) == 1:
            return (found[0],)
        sources = [file for file in found if not self.members[file].path.endswith(BYTECODE_SUFFIX)]
        return tuple(sorted(sources or found, key=lambda file: (self.members[file].path, file)))

    def package(self, folder: Folder) -> tuple[FileId, ...]:
        """The ``__init__`` files of the package that a folder is."""
        stems = self._stems.get(folder[0], {})
        found = stems.get(folder[1] + "__init__") if folder[1] else None
        return self._loaded(found) if found else ()

    def home(self, file: FileId, dots: int = 1) -> Folder | None:
        """The folder that a relative name with so many dots starts from; ``None`` above the top."""
        root, prefix = self._homes[file]
        for _ in range(dots - 1):
            if not prefix:
                return None
            prefix = _parent(prefix[:-1])
        return root, prefix

    def names(self, file: FileId) -> tuple[str, ...]:
        """The dotted names under which the set imports a file, by the folders of the import path."""
        member = self.members[file]
        root, _ = self._homes[file]
        is_source = self.is_built(file) and member.place is None
        place = self._inner(self.owners[file], member) if is_source else member.place
        if place is None or place.startswith("{"):
            return ()
        stem = _stem(place)
        prefixes = [""] if self.is_built(file) else [p for r, p in self.folders if r == root]
        found = (_dotted(stem[len(prefix) :]) for prefix in prefixes if stem.startswith(prefix))
        return tuple(dict.fromkeys(name for name in found if name))

    def at(self, owner: int, path: str) -> FileId | None:
        """The file of a distribution at this path, as `Member.path` gives it."""
        return self._paths.get((owner, path))

    def of(self, members: Iterable[Member]) -> Iterator[FileId]:
        """The numbers of members that came back from the port."""
        if self._sources is None:
            self._sources = {member.source: file for file, member in enumerate(self.members)}
        for member in members:
            file = self._sources.get(member.source)
            if file is not None:
                yield file

    def shared(self) -> dict[str, tuple[int, ...]]:
        """The modules that several distributions place, by path, each with these distributions."""
        found: dict[str, tuple[int, ...]] = {}
        for root, stems in self._stems.items():
            for files in stems.values() if not root.startswith("{source}") else ():
                owners = tuple(dict.fromkeys(self.owners[file] for file in files))
                if len(owners) > 1:
                    found.update((self.members[file].path, owners) for file in files)
        return found

    def distributions(self) -> tuple[int, ...]:
        """Those that have modules."""
        return tuple(dict.fromkeys(self.owners))

    def sources(self) -> dict[int, list[FileId]]:
        """The importable sources of each distribution, by path."""
        found: dict[int, list[FileId]] = {}
        for file, member in enumerate(self.members):
            if member.place is not None and not member.place.startswith("{") and self.is_source(file):
                found.setdefault(self.owners[file], []).append(file)
        for files in found.values():
            files.sort(key=lambda file: (self.members[file].path, file))
        return found

    def tops(self, owner: int) -> list[FileId]:
        """The top-level modules and packages of a distribution, by path."""
        found = [
            file
            for file, member in enumerate(self.members)
            if self.owners[file] == owner and self.is_source(file) and _is_top(member.place)
        ]
        return sorted(found, key=lambda file: (self.members[file].path, file))

    def is_native(self, file: FileId) -> bool:
        """Whether it is a compiled module by its suffix."""
        return self.members[file].path.endswith(NATIVE_SUFFIXES)

    def is_source(self, file: FileId) -> bool:
        """Whether it is Python source by its suffix."""
        return self.members[file].path.endswith(SOURCE_SUFFIXES)


def _folders(target: TargetSet, entries: Iterable[StartupEntry]) -> tuple[Folder, ...]:
    """The import path of the set: its roots, then what ``.pth`` path lines add."""
    roots = [*target.roots, *(distribution.root for distribution in target.distributions)]
    folders = [(root, "") for root in roots]
    for entry in entries:
        if entry.kind is StartupKind.PTH_PATH and entry.target:
            root = target.distributions[entry.distribution].root
            folders.append((root, entry.target.rstrip("/") + "/"))
    return tuple(dict.fromkeys(folders))


def _is_top(place: str | None) -> bool:
    """Whether an import of a single name may execute the file (``x.py``, ``x/__init__.py``)."""
    if place is None or place.startswith("{"):
        return False
    folder, _, name = place.rpartition("/")
    return not folder or ("/" not in folder and name.startswith("__init__."))


def _dotted(stem: str) -> str:
    """A path as a module's name; empty when it is none."""
    parts = stem.removesuffix("/__init__").split("/")
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""


def _parent(path: str) -> str:
    """The folder of a path, with its final ``/``; empty at the top."""
    return path[: path.rfind("/") + 1]


def _stem(path: str) -> str:
    """A path without its module suffix: ``a/b.cpython-311-x86_64-linux-gnu.so`` gives ``a/b``."""
    cut = path.rfind("/") + 1
    if path.endswith(NATIVE_SUFFIXES):
        return path[:cut] + path[cut:].partition(".")[0]
    return path[: path.rfind(".")]
