"""What one file says, and the port through which the other rooms ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

import msgspec

from wheelwatch.model.files import Member, NotAnalysed
from wheelwatch.model.words import SUPPORTED_PYTHONS, Confidence, Kind, Version

if TYPE_CHECKING:
    from wheelwatch.model.group import Group, Joint


class Sketch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is known of a file without parsing it."""

    sha256: str
    size: int
    encoding: str | None
    """Codec that Python would decode the source with; ``None`` when it could not."""
    anchors: tuple[str, ...]
    """Anchor tokens that occur in the decoded, NFKC-normalised text, sorted."""


DECORATED = "decorated"
"""The guard of a call through a decorator of another file, which may keep the function instead."""


class Ref(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What an edge or a binding leads to: a scope of the same file, else a dotted name.

    A dotted name is absolute (``pkg._hooks.install``) or, as a file does not know its own place,
    relative with its dots (``._hooks.install``, ``..util.run``). ``module`` means the name stands
    for a module as a whole (import edges).
    """

    scope: int = -1
    name: str = ""


class EdgeKind(StrEnum):
    """Why control goes from one place to another."""

    IMPORT = "import"
    """Executes the body of a module (and of its parent packages)."""
    STAR = "star"
    """``from x import *``: as import, and binds every public name."""
    CALL = "call"
    """Calls the target now."""
    BODY = "body"
    """A class body or comprehension that runs as part of its parent."""
    LOAD = "load"
    """Executes the body of a file that is found by its path, of which the target's name is the end."""
    DEFER = "defer"
    """Hands the target to something that calls it later without being asked: atexit, timers,
    threads, signals, finalizers, registered hooks."""


class Edge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One way from a scope to another scope or name. Lines and columns are 1-based, in code points."""

    kind: EdgeKind
    scope: int
    """Index of the scope in which the edge stands."""
    line: int
    column: int
    target: Ref
    text: str
    """The expression as written, at most 80 code points: ``install()``, ``import demo._boot``."""
    guard: str | None = None
    pythons: tuple[Version, ...] = SUPPORTED_PYTHONS
    arguments: tuple[Ref, ...] = ()
    """What is passed on and may be a hook, or lead to one, by its name; in the order of the call."""


class Site(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One place that installs or reaches a hook or a capability."""

    kind: Kind
    api: str
    """Canonical name as in the catalogue: ``sys.settrace``."""
    scope: int
    line: int
    column: int
    snippet: str
    """Raw source around the site, at most 200 code points."""
    clears: bool = False
    """Removes a hook (``sys.settrace(None)``) or restores a saved one."""
    obfuscated: bool = False
    """The name was computed, decoded or searched for."""
    own_names: bool = False
    """An import hook or sys.modules entry that answers only names of its own distribution."""
    confidence: Confidence = Confidence.HIGH
    guard: str | None = None
    pythons: tuple[Version, ...] = SUPPORTED_PYTHONS
    callback: Ref | None = None
    detail: str = ""


class Deed(StrEnum):
    """What a function does that matters when it is the callback of a hook."""

    READS = "reads"
    """Reads variables of a frame: ``f_locals``, ``f_globals``; ``f_back`` is the frame that called."""
    SECRETS = "secrets"
    """Holds or compares with a word for something secret."""
    SENDS = "sends"
    """Hands a value to what sends it, or asks another machine."""
    STORES = "stores"
    """Prints, logs, writes or collects a value."""
    HANDS_ON = "hands-on"
    """Passes a value to another function."""
    GIVES_BACK = "gives-back"
    """Returns a value."""
    REWRITES = "rewrites"
    """Changes variables of a frame, the line that comes next, an argument or a result."""
    COSTS = "costs"
    """Slows everything down: asks for every event, for opcodes, waits."""
    EVENT = "event"
    """Compares the audit event with this name; with a final ``*``, with its beginning."""
    VETOES = "vetoes"
    """Raises, or ends the process."""
    FILTERS = "filters"
    """Looks at certain code only."""
    SILENT = "silent"
    """Calls nothing and raises nothing."""
    CHAINS = "chains"
    """Calls what was there before."""
    LEADS = "leads"
    """Makes another function of the file the callback of what comes next, or calls it."""


class Act(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One deed of one function. ``of`` says whose value it is.

    ``locals``: variables of a frame; ``p0``, ``p1``, ...: a parameter, ``self`` not counted.
    """

    deed: Deed
    scope: int
    line: int
    text: str = ""
    of: tuple[str, ...] = ()
    to: int = -1
    """The scope that it leads to."""
    by: str = ""
    """Name of the function."""


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One code object of a file; index 0 is the module, named ``<module>``.

    ``name`` is the frame's name as tracebacks show it (``install``, ``<lambda>``), ``qualified`` the
    dotted path inside the file (``Tracer.install``), empty for the module.
    """

    name: str
    qualified: str
    line: int
    parent: int
    is_class: bool = False
    bases: tuple[Ref, ...] = ()


class Binding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A module-level or class-level name and what it may stand for; several rows for several values."""

    scope: int
    name: str
    target: Ref


class Escape(msgspec.Struct, frozen=True):
    """A scope that holds a site, or leads to one, and goes elsewhere as a value.

    Whoever gets it may call it. ``where`` is the scope in which it is handed on, stored or decorated; for
    a method ``base`` may be a class of another file that its own class inherits from instead.
    """

    scope: int
    where: int
    base: Ref | None = None


class FileFacts(msgspec.Struct, frozen=True, kw_only=True, tag="facts", omit_defaults=True, gc=False):
    """What one file says: a pure function of its bytes, whatever its place."""

    sha256: str
    scopes: tuple[Scope, ...]
    edges: tuple[Edge, ...] = ()
    sites: tuple[Site, ...] = ()
    bindings: tuple[Binding, ...] = ()
    escaping: tuple[Escape, ...] = ()
    notes: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    """What the functions do that may be callbacks of hooks."""
    digest: str = ""
    """Hash of the syntax tree without comments, docstrings and positions; known-good entries name it."""


WHOLE = "<file>"
"""Instead of a function's name: the file as a whole."""


class Body(msgspec.Struct, frozen=True, array_like=True):
    """One code object of a file by the digest of its normalised syntax tree, without inner functions."""

    function: str
    """Dotted path inside the file, empty for the module, `WHOLE` for the file."""
    line: int
    digest: str


Analysis: TypeAlias = FileFacts | NotAnalysed


class Facts(Protocol):
    """The port: how reach and rules ask about files, whoever answers (workers, cache, a dict)."""

    def ask(self, members: Iterable[Member]) -> None:
        """Announce a round: the facts of all of these are about to be asked for."""

    def facts(self, member: Member) -> Analysis:
        """The facts of one member; never raises for what the member contains."""

    def bodies(self, members: Sequence[Member]) -> tuple[tuple[Body, ...], ...]:
        """The digests of each member's code objects, the file as a whole first; none of the unreadable."""

    def mentions(self, names: frozenset[str], *also: frozenset[str]) -> tuple[Member, ...]:
        """The members whose decoded text holds at least one of these tokens, and one of each set besides.

        Tokens are words, or ``import NAME``: held where a module of this name may be imported.
        """

    def together(self, groups: Sequence[Group]) -> tuple[Joint | NotAnalysed, ...]:
        """What each group of members says together."""
