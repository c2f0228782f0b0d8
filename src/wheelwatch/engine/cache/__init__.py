"""What is known of contents that were read before; harmless when it is missing, damaged or in the way."""

from functools import partial
from pathlib import Path

from wheelwatch.engine.cache.contents import Contents, Known, facts_key, is_lasting
from wheelwatch.engine.cache.mark import mark
from wheelwatch.engine.cache.place import clear, database, fetched, files, folder, size
from wheelwatch.engine.cache.store import Kind, Store
from wheelwatch.engine.cache.verdicts import Reading, Verdicts, answer_of, known_contents
from wheelwatch.engine.cache.wheels import Wheels
from wheelwatch.limits import Limits

__all__ = [
    "Contents",
    "Kind",
    "Known",
    "Reading",
    "Store",
    "Verdicts",
    "Wheels",
    "answer_of",
    "clear",
    "facts_key",
    "fetched",
    "files",
    "folder",
    "is_lasting",
    "known_contents",
    "mark",
    "opened",
    "size",
]


def opened(limits: Limits) -> Store:
    """The cache of this user for what this version of wheelwatch reads under these limits."""
    return Store(partial(_file, limits))


def _file(limits: Limits) -> Path:
    place = folder()
    if place is None:
        raise FileNotFoundError("the system names no folder for caches")
    return database(place, mark(limits))
