"""WHAT the interpreter runs unasked: ``.pth`` dialects, ``.start``, customize modules, prefix files."""

from wheelwatch.startup.dialects import Dialect, dialect, dialects
from wheelwatch.startup.surface import Surface, surface

__all__ = ["Dialect", "Surface", "dialect", "dialects", "surface"]
