"""What the tool knows, reviewed by hand: the only reader of ``data/``."""

from __future__ import annotations

from wheelwatch.catalogue.hooks import Api, Entry, apis, entries, lookup, spellings
from wheelwatch.catalogue.place import data_path

__all__ = ["Api", "Entry", "apis", "data_path", "entries", "lookup", "spellings"]
