"""What a name leads to: through bindings, re-exports, stars, base classes and submodules of the set."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from wheelwatch.catalogue.stdlib import is_stdlib
from wheelwatch.model import Ref
from wheelwatch.reach.places import FileId, Folder
from wheelwatch.reach.stars import Stars
from wheelwatch.reach.units import Unit, Units

Node = tuple[FileId, int]
"""A file and one of its scopes; scope 0 is the module's body."""

MAX_STATES = 200
"""Look-ups that one name may cost."""

REMEMBERED = 100_000
"""Look-ups of one kind whose results are kept while a part of the set is looked at."""

MAX_PARTS = 24
"""Parts of a dotted name that are followed; ``x = x.y`` would grow for ever."""

OUTSIDE: Folder = ("{outside}", "")
"""Where modules lie that nobody in the set ships; nothing is ever found there."""

CONSTRUCTORS = ("__init__", "__new__", "__post_init__")


class Found(msgspec.Struct, frozen=True):
    """What a name stands for: places inside the set, and dotted names that lead out of it."""

    nodes: tuple[Node, ...] = ()
    outside: tuple[str, ...] = ()
    asked: tuple[Node, ...] = ()
    """Functions ``__getattr__`` of modules that run when the name is looked up."""
    last: tuple[Node, ...] = ()
    """Of these the ones that are asked for the last part of the name."""
    is_met: bool = False
    """A module of the set was there to be asked for the last part."""
    is_open: bool = False
    """A file on the way has not been read, so that more may be found later."""


class Spot(msgspec.Struct, frozen=True):
    """One pending look-up: the rest of a name in a scope of a file, or (file -1) below a folder."""

    file: FileId
    scope: int
    rest: tuple[str, ...]
    folder: Folder = ("", "")
    is_absolute: bool = False


class Names:
    """The resolver of one set.

    ``unit`` tells how to get a file that is there; without it files are asked for.
    """

    def __init__(self, units: Units, unit: Callable[[FileId], Unit | None] | None = None) -> None:
        self._places = units.places
        self._unit = unit or units.get
        self._stars = Stars(
            units, self._unit, is_asking=unit is None, module=self._module, folder=self._package
        )
        self._memory: dict[tuple[FileId, str], Found] = {}
        self._calls: dict[tuple[FileId, Ref], Found] = {}
        self._modules: dict[tuple[object, str], tuple[FileId, ...]] = {}
        self._constructed: dict[Node, tuple[Node, ...]] = {}
        self._subclassed: dict[Node, tuple[Node, ...]] = {}
        self._loaded: dict[tuple[FileId, str], tuple[FileId, ...]] = {}
        self._packages: dict[FileId, Folder | None] = {}

    def forget(self) -> None:
        """Drop what files that are there now may change."""
        self._memory = {key: found for key, found in self._memory.items() if not found.is_open}
        self._calls = {key: found for key, found in self._calls.items() if not found.is_open}
        self._constructed.clear()
        self._subclassed.clear()

    def spare(self) -> None:
        """Drop what was found where it is more than is worth its memory; it is found again."""
        for memory in (self._memory, self._calls, self._modules, self._loaded):
            if len(memory) > REMEMBERED:
                memory.clear()

    def resolve(self, file: FileId, ref: Ref) -> Found:
        """What a reference of a file leads to."""
        if ref.scope >= 0:
            return Found(nodes=((file, ref.scope),))
        if not ref.name:
            return Found()
        key = (file if self._is_local(file, ref.name) else -1, ref.name)
        found = self._memory.get(key)
        if found is None:
            found = self._memory[key] = self._search(self._named(file, ref.name))
        return found

    def _is_local(self, file: FileId, name: str) -> bool:
        """Whether a name means something else in another file: relative, or perhaps from a star import."""
        if name.startswith(".") or self._places.is_built(file):
            return True
        unit = self._unit(file)
        return unit is not None and bool(unit.stars)

    def called(self, file: FileId, ref: Ref) -> Found:
        """What runs when the reference is called: functions, and the constructors of classes."""
        key = (file, ref)
        known = self._calls.get(key)
        if known is None:
            known = self._calls[key] = self._callable(file, ref)
        return known

    def _callable(self, file: FileId, ref: Ref) -> Found:
        found = self.resolve(file, ref)
        nodes: dict[Node, None] = {}
        last = ref.name.rpartition(".")[2]
        for node in found.nodes:
            for entered in self._entered(node, last):
                nodes.setdefault(entered)
        is_open = found.is_open or any(map(self._may_grow, found.nodes))
        nodes.update(dict.fromkeys(found.asked))
        return Found(nodes=tuple(nodes), outside=found.outside, is_open=is_open)

    def _may_grow(self, node: Node) -> bool:
        """Whether what a call enters depends on other files: the scope is a class, or not read yet."""
        unit = self._unit(node[0])
        return unit is None or (node[1] > 0 and unit.facts.scopes[node[1]].is_class)

    def subclassed(self, node: Node) -> tuple[Node, ...]:
        """What runs when a class is made, besides its body: ``__init_subclass__`` of its bases."""
        if node not in self._subclassed:
            unit = self._unit(node[0])
            scope = unit.facts.scopes[node[1]] if unit else None
            bases = scope.bases if scope is not None and scope.is_class else ()
            rest = ("__init_subclass__",)
            steps = [step for base in bases for step in self._follow(node[0], base, rest)]
            self._subclassed[node] = self._search(steps).nodes
        return self._subclassed[node]

    def _entered(self, node: Node, name: str) -> Iterator[Node]:
        unit = self._unit(node[0])
        if unit is None or node[1] == 0:
            return
        scope = unit.facts.scopes[node[1]]
        if not scope.is_class:
            yield node
            return
        if node not in self._constructed:
            self._constructed[node] = tuple(self._methods(node, CONSTRUCTORS))
        yield from self._constructed[node]
        if name and name != scope.name and name in unit.aliases.get(node[1], ()):
            # The name may stand for an object of the class.
            yield from self._methods(node, ("__call__",))

    def _methods(self, node: Node, names: tuple[str, ...]) -> Iterator[Node]:
        for name in names:
            yield from self._search([Spot(node[0], node[1], (name,))]).nodes

    def things(self, node: Node, name: str) -> tuple[Node, ...]:
        """What a name, possibly dotted, is in a module or class."""
        parts = tuple(name.split("."))
        return self._search([Spot(*node, parts)]).nodes if all(parts) else ()

    def entered(self, file: FileId, name: str) -> tuple[Node, ...]:
        """What runs when a name of a module is called."""
        last = name.rpartition(".")[2]
        nodes = (found for node in self.things((file, 0), name) for found in self._entered(node, last))
        return tuple(dict.fromkeys(nodes))

    def bases(self, node: Node) -> Found:
        """What a class inherits from."""
        unit = self._unit(node[0])
        refs = unit.facts.scopes[node[1]].bases if unit else ()
        return self._search([step for ref in refs for step in self._follow(node[0], ref, ())])

    def starred(self, file: FileId) -> tuple[Node, ...]:
        """The modules of which a file imports every name."""
        return tuple((found, 0) for found in self._stars.modules(file))

    def loaded(self, file: FileId, path: str) -> tuple[FileId, ...]:
        """The files that code of a file loads by a path of which this is the end."""
        key = (file, path)
        if key not in self._loaded:
            self._loaded[key] = self._places.paths.find(self._places, file, path)
        return self._loaded[key]

    def modules(self, file: FileId, name: str) -> tuple[FileId, ...]:
        """The files whose bodies an import of the name executes, outermost package first."""
        is_free = not name.startswith(".") and not self._places.is_built(file)
        key = (None if is_free else self._places.home(file), name)
        if key not in self._modules:
            self._modules[key] = self._executed(file, name)
        return self._modules[key]

    def _executed(self, file: FileId, name: str) -> tuple[FileId, ...]:
        files: dict[FileId, None] = {}
        for folder, parts in self._starts(file, name):
            if not parts:
                files.update(dict.fromkeys(self._places.package(folder)))
            path = ""
            for part in parts:
                path = f"{path}/{part}" if path else part
                files.update(dict.fromkeys(self._places.find(folder, path)))
            if files:
                break
        return tuple(files)

    def is_outside(self, file: FileId, name: str) -> bool:
        """Whether nobody in the set ships a module of this name."""
        return not self.modules(file, name)

    def _starts(self, file: FileId, name: str) -> Iterator[tuple[Folder, tuple[str, ...]]]:
        """The folders in which a name is looked for, each with its parts."""
        plain = name.lstrip(".")
        parts = tuple(plain.split(".")) if plain else ()
        dots = len(name) - len(plain)
        if dots:
            folder = self._places.home(file, dots)
            if folder is not None:
                yield folder, parts
            return
        if not parts:  # an empty name, as in import_module("") or a .start without entries, is nowhere
            return
        home = self._places.home(file)
        if home is not None and self._places.is_built(file):
            for folder in self._places.built(home[0]):
                yield folder, parts
        holding = self._places.holding(parts[0])
        for folder in holding:
            yield folder, parts
        if not holding or is_stdlib(parts[0]):
            yield OUTSIDE, parts

    def _named(self, file: FileId, name: str) -> list[Spot]:
        """The first look-ups for a name as a file writes it."""
        unit = self._unit(file)
        spots = self._follow(file, Ref(name=name), ())
        if unit is not None and unit.stars and not name.startswith("."):
            # A bare name may come from a star import of the same file.
            spots += [Spot(file, 0, tuple(name.split(".")))]
        return spots

    def _search(self, pending: list[Spot]) -> Found:
        nodes: dict[Node, None] = {}
        outside: dict[str, None] = {}
        asked: dict[Node, bool] = {}
        seen = set(pending)
        is_open = is_met = False
        budget = MAX_STATES
        while pending and budget:
            budget -= 1
            spot = pending.pop(0)
            if spot.file >= 0 and not spot.rest:
                nodes.setdefault((spot.file, spot.scope))
                continue
            if spot.file >= 0:
                is_open = is_open or self._unit(spot.file) is None
                is_met = is_met or (spot.scope == 0 and len(spot.rest) == 1)
                steps = self._in_scope(spot, asked)
            else:
                steps = self._in_folder(spot, outside)
            for step in steps:
                if step not in seen:
                    seen.add(step)
                    pending.append(step)
        last = tuple(node for node, is_last in asked.items() if is_last)
        found = Found(nodes=tuple(nodes), outside=tuple(outside), asked=tuple(asked), is_open=is_open)
        return msgspec.structs.replace(found, last=last, is_met=is_met) if asked else found

    def _in_folder(self, spot: Spot, outside: dict[str, None]) -> list[Spot]:
        """Every module that a prefix of the name is, with what remains of it."""
        folder, parts = spot.folder, spot.rest
        # A relative name is one of the package itself too; an absolute one starts below the folder.
        packages = () if spot.is_absolute else self._places.package(folder)
        steps = [Spot(file, 0, parts) for file in packages]
        path = ""
        for count, part in enumerate(parts, 1):
            path = f"{path}/{part}" if path else part
            steps += [Spot(file, 0, parts[count:]) for file in self._places.find(folder, path)]
        if not steps and spot.is_absolute:
            outside.setdefault(".".join(parts))
        return steps[::-1]

    def _in_scope(self, spot: Spot, asked: dict[Node, bool]) -> list[Spot]:
        """One part of a name inside a module or class."""
        unit = self._unit(spot.file)
        if unit is None:
            return []
        name, rest = spot.rest[0], spot.rest[1:]
        steps = [
            step for ref in unit.lookup(spot.scope, name) for step in self._follow(spot.file, ref, rest)
        ]
        if steps:
            return steps
        if spot.scope:
            return self._in_bases(spot, unit)
        steps = [Spot(found, 0, rest) for found in self._submodule(spot.file, name)]
        if unit.stars:
            steps += [Spot(found, 0, spot.rest) for found in self._stars.holders(spot.file, name)]
        for ref in unit.lookup(0, "__getattr__"):
            if ref.scope > 0:
                asked[spot.file, ref.scope] = asked.get((spot.file, ref.scope), False) or not rest
        return steps

    def _follow(self, file: FileId, ref: Ref, rest: tuple[str, ...]) -> list[Spot]:
        if ref.scope >= 0:
            return [Spot(file, ref.scope, rest)]
        if not ref.name:
            return []
        is_absolute = not ref.name.startswith(".")
        return [
            Spot(-1, 0, parts + rest, folder, is_absolute)
            for folder, parts in self._starts(file, ref.name)
            if len(parts) + len(rest) <= MAX_PARTS
        ]

    def _module(self, file: FileId, name: str) -> tuple[FileId, ...]:
        """The files of the module that a name is, without its parents."""
        for folder, parts in self._starts(file, name):
            found = self._places.find(folder, "/".join(parts)) if parts else self._places.package(folder)
            if found:
                return found
        return ()

    def _in_bases(self, spot: Spot, unit: Unit) -> list[Spot]:
        if spot.scope >= len(unit.facts.scopes):
            return []
        bases = unit.facts.scopes[spot.scope].bases
        return [step for base in bases for step in self._follow(spot.file, base, spot.rest)]

    def _submodule(self, file: FileId, name: str) -> tuple[FileId, ...]:
        """The files of a submodule, if the file is a package's ``__init__``."""
        folder = self._package(file)
        return self._places.find(folder, name) if folder is not None else ()

    def _package(self, file: FileId) -> Folder | None:
        """The folder of a package, if the file is its ``__init__``."""
        if file not in self._packages:
            stem = self._places.members[file].path.rpartition("/")[2]
            self._packages[file] = self._places.home(file) if stem.startswith("__init__.") else None
        return self._packages[file]
