"""What is reached: sites with their chains, and the packages that the rules see."""

from __future__ import annotations

import msgspec

from wheelwatch.model.facts import Act, Site
from wheelwatch.model.files import Member, NotAnalysed
from wheelwatch.model.sets import Distribution, StartupEntry
from wheelwatch.model.words import Confidence, Kind, Trigger, Version


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a chain, as the report shows it."""

    package: str
    path: str
    line: int
    what: str
    guard: str | None = None
    function: str = ""
    """Frame name at this step (``<module>``, ``install``), for comparison with a real stack."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of code that a startup finding runs, by the digest of its normalised syntax tree."""

    path: str
    function: str
    """Dotted path inside the file; ``<module>`` for its body, ``<line>`` for a startup line, ``<file>``
    for the whole."""
    digest: str


class Conduct(msgspec.Struct, frozen=True, kw_only=True):
    """What the callback of a hook does, with what it calls as far as that is known."""

    name: str
    """Qualified name of the callback in its file."""
    path: str
    line: int
    acts: tuple[Act, ...]
    """Its own deeds first, then those of the functions that it leads to."""
    sites: tuple[Site, ...] = ()
    """Hooks and capabilities that it uses, at any of these places."""


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A site with the strongest way to it."""

    site: Site
    member: Member
    trigger: Trigger
    chain: tuple[Step, ...]
    pythons: tuple[Version, ...]
    confidence: Confidence
    guard: str | None = None
    """Every guard on the way and at the site, joined by `` and ``."""
    known: str | None = None
    """Id of the known-good entry whose module holds the site, unchanged."""
    conduct: Conduct | None = None
    """What the callback does that the site installs."""
    is_aside: bool = False
    """Only the import of an inner module reaches it, not that of the package by its own name."""
    evidence: tuple[Evidence, ...] = ()
    """At startup: the code of the site's distribution on the way to it."""
    launcher: str = ""
    """Who starts a child process in which it runs: a script by its name, else a place."""
    begins: tuple[str, ...] = ()
    """Customize modules that start somewhere because of this site, which puts their folder on the path."""
    rivals: tuple[str, ...] = ()
    """Other distributions that place a module of the chain, too: which one stays is not known."""


class LinkedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A startup entry with what it leads to."""

    entry: StartupEntry
    sites: tuple[Reached, ...]
    """Every site that this entry reaches, each with its chain from here."""
    modules: tuple[str, ...]
    """Install places of the modules that it executes, first reached first."""
    missing: tuple[str, ...] = ()
    """Modules that it names and that nobody in the set ships and the stdlib does not have."""
    known: str | None = None
    """Id of the known-good entry that the line, its owner and its module match."""
    foreign: bool = False
    """The line is a known one, but its owner or its module is not."""
    evidence: tuple[Evidence, ...] = ()
    """The line, and every code object of its own distribution that it runs."""
    shared: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Modules that it executes and that several distributions place, with the names of these."""


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a known attack has shipped."""

    path: str
    """Of the member as reports show it; empty for the archive itself."""
    line: int
    """1-based; 0 when it is the whole content that is known."""
    snippet: str
    id: str
    name: str
    how: str
    """By what it was recognised, in words."""
    aliases: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """Bytecode that an interpreter loads whatever the source beside it says."""

    member: Member
    source: str
    """Path of the source that it stands for; empty when there is none."""
    python: Version
    is_unchecked: bool
    """Its header says that it is not held against the source."""
    is_alone: bool
    """The source is no Python that any version compiles."""


class Effort(msgspec.Struct, frozen=True, kw_only=True):
    """How far the search for chains went in one distribution."""

    asked: int = 0
    """Files that were looked into."""
    cut: int = 0
    """Ways and files that limits kept the search from following."""
    failed: int = 0
    """Groups of files that could not be read together."""


class LinkedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One distribution with everything that was linked: what the rules see."""

    distribution: Distribution
    entries: tuple[LinkedEntry, ...]
    sites: tuple[Reached, ...]
    """Every site of its own files, each once, with its strongest trigger."""
    not_analysed: tuple[tuple[Member, NotAnalysed, Trigger], ...]
    started: tuple[str, ...] = ()
    """Paths of its own files that the start executes, whichever package's entry leads to them."""
    partial: tuple[tuple[Member, tuple[str, ...], Trigger], ...] = ()
    """Files of which work was cut, with the notes that their facts hold."""
    effort: Effort = Effort()
    """What linking it took."""
    compiled: tuple[Compiled, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    """Files of known attacks, by path."""

    def of(self, *kinds: Kind) -> tuple[Reached, ...]:
        """The sites of these families, in file order."""
        return tuple(reached for reached in self.sites if reached.site.kind in kinds)
