"""What is carried: the names under which files pass hooks on, grown until no binding adds one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from wheelwatch.catalogue.stdlib import RENAMED
from wheelwatch.model import Binding
from wheelwatch.reach.outward import CHANGES, ENTERED, carried, managers, tails
from wheelwatch.reach.places import FileId

MODULES = frozenset(RENAMED.values())


class Carried:
    """Grows with every file that is added; the order in which they come does not matter.

    Args:
        own_names: the last parts under which a scope of a file is named elsewhere.
    """

    def __init__(self, own_names: Callable[[FileId, int], Collection[str]]) -> None:
        self.names: set[str] = set()
        self.files: set[FileId] = set()
        """Those under whose name others find what is carried."""
        self.here: dict[FileId, set[str]] = {}
        """By file: the names of its own that carry something."""
        self._holders: set[str] = set()
        """Last parts of the modules, classes and objects that have such a name."""
        self._managers: set[str] = set(managers())
        """Names of what is carried by entering it: ``with profile:``."""
        self._own_names = own_names
        self._rows: dict[str, list[tuple[FileId, Binding]]] = {}
        """Bindings by the words that may make them carry something."""
        self._bare: dict[FileId, list[Binding]] = {}
        self._grown: list[str] = []

    def add(self, file: FileId, bindings: Collection[Binding]) -> None:
        """Look at the bindings of one more file."""
        for binding in bindings:
            for word in self._words(file, binding):
                self._rows.setdefault(word, []).append((file, binding))
            if binding.target.name and "." not in binding.target.name:
                self._bare.setdefault(file, []).append(binding)
            self._look(file, binding)
        self._spread()

    def pass_on(self, file: FileId) -> None:
        """Note a file under whose name others find what is carried."""
        self._enter(file)
        self._spread()

    def leads(self, name: str) -> bool:
        """Whether a call of this name may be a call of what is carried."""
        owner, last = parted(name)
        if last in ENTERED:
            return _last(owner) in self._managers
        return last in tails() or self._is_held(owner, last)

    def may_lead(self, lasts: Collection[str]) -> bool:
        """Whether a call of a name that ends so may."""
        known = tails()
        return any(last in self.names or last in known or last in ENTERED for last in lasts)

    def _words(self, file: FileId, binding: Binding) -> Iterator[str]:
        target = binding.target
        if target.scope > 0:
            yield from self._own_names(file, target.scope)
        elif target.name:
            owner, _, last = target.name.rpartition(".")
            yield from {last, _plain(last), _last(owner)} - {""}

    def _spread(self) -> None:
        while self._grown:
            for file, binding in self._rows.get(self._grown.pop(), ()):
                self._look(file, binding)

    def _look(self, file: FileId, binding: Binding) -> None:
        """Note a binding that passes on what is carried, or what holds it."""
        name = _plain(binding.name)
        if self._is_carried(file, binding):
            if name not in ENTERED and name != "__getattr__":  # others never write these
                self._grow(self.names, name)
                self.here.setdefault(file, set()).add(name)
            self._enter(file)
            for word in self._own_names(file, binding.scope):
                self._grow(self._holders, word)
        elif self._holds(file, binding):
            self._grow(self._holders, name)
        if _last(binding.target.name) in self._managers:
            self._grow(self._managers, name)

    def _grow(self, words: set[str], word: str) -> None:
        if word not in words:
            words.add(word)
            self._grown.append(word)

    def _enter(self, file: FileId) -> None:
        if file not in self.files:
            self.files.add(file)
            for word in self._own_names(file, 0):
                self._grow(self._holders, word)
            for binding in self._bare.get(file, ()):
                self._look(file, binding)

    def _holds(self, file: FileId, binding: Binding) -> bool:
        """Whether the name stands for a module, class or object that has what is carried."""
        if binding.target.scope > 0:
            return not self._holders.isdisjoint(self._own_names(file, binding.target.scope))
        return _last(binding.target.name) in self._holders

    def _is_carried(self, file: FileId, binding: Binding) -> bool:
        target = binding.target.name
        if target in MODULES:
            return binding.name not in (target, f"_{target}")
        owner, _, last = target.rpartition(".")
        is_own = bool(owner) or file in self.files
        return carried(target) or (is_own and self._is_held(owner, last))

    def _is_held(self, owner: str, last: str) -> bool:
        """Whether a name is carried, of a holder that has one; dots alone are the own package."""
        holder = _last(owner)
        return last in self.names and (not holder or holder in self._holders)


def parted(name: str) -> tuple[str, str]:
    """What a called name belongs to, and its last part; a change of a list is a call of the list."""
    owner, _, last = name.rpartition(".")
    if last in CHANGES:
        owner, _, last = owner.rpartition(".")
    return owner, last


def _last(name: str) -> str:
    return _plain(name).rpartition(".")[2]


def _plain(name: str) -> str:
    """A name without the marks of what a call of it returns and of what a table holds."""
    return name.removesuffix("()").removesuffix("[]")
