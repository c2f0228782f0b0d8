"""WHAT the interpreter runs unasked: ``.pth`` dialects, ``.start``, customize modules, prefix files."""

from wheelwatch.startup.dialects import EVERY, Dialect, dialect, dialects
from wheelwatch.startup.sequence import Boot, Phase, sequence
from wheelwatch.startup.surface import Surface, surface

__all__ = ["EVERY", "Boot", "Dialect", "Phase", "Surface", "dialect", "dialects", "sequence", "surface"]
