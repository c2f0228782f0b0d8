"""Every bound on what a target may cost, in one place.

A limit never makes a package look clean: what is cut off is reported as ``NotAnalysed`` or as an
archive issue, and what was found before it was hit stays.
"""

from __future__ import annotations

import msgspec

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds on reading, parsing and linking. Sizes in bytes, times in seconds."""

    archive_bytes: int = 4 * 1024 * MIB
    """A wheel or sdist as a file."""
    members: int = 200_000
    """Members of one archive, files of one folder."""
    member_bytes: int = 256 * MIB
    """Any one member that is read whole."""
    unpacked_bytes: int = 4 * 1024 * MIB
    """All that is inflated from one archive."""
    source_bytes: int = 32 * MIB
    """A Python source that is parsed; larger ones are searched for anchors only."""
    startup_bytes: int = 16 * MIB
    """A ``.pth`` or ``.start`` file."""
    startup_lines: int = 20_000
    """Lines that count in one ``.pth`` or ``.start`` file."""
    metadata_bytes: int = 16 * MIB
    """METADATA, RECORD, entry_points.txt and the like."""
    nodes: int = 2_000_000
    """Syntax-tree nodes of one file; a million takes about half a GiB."""
    analysis_seconds: float = 60.0
    """Processor time that one file may take in a worker; by the clock four times as much.

    Not by the clock alone: what a report says should not depend on what else the machine does.
    """
    slow_seconds: float = 300.0
    """Processor time that all files of a run may take beyond what honest files of their size need."""
    worker_bytes: int = 2 * 1024 * MIB
    """Address space of one worker process."""
    kept_bytes: int = 160 * MIB
    """Memory above which a worker is replaced after its batch, as it does not give memory back."""
    alone_bytes: int = 2 * MIB
    """A source from this size on is analysed while no other one is."""
    fold_bytes: int = 8 * MIB
    """A constant that folding may build; also what decoding may inflate to."""
    fold_depth: int = 6
    """How often decoded source is analysed again as a file of its own."""
    snippet: int = 200
    """Code points of source around a site."""
    import_depth: int = 12
    """Importers that are followed backwards from a site."""
    whole_bytes: int = 64 * KIB
    """A distribution of no more source than this is read as a whole, whatever words stand in it."""
    chain_nodes: int = 200_000
    """Scopes that one forward search may visit."""


DEFAULT = Limits()
