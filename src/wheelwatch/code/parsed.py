"""The result of parsing one file, as the extractors read it."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One file, decoded and parsed.

    ``text`` is the decoded source whose lines the positions of ``tree`` refer to; ``encoding`` the
    codec that decoded it; ``sha256`` the hexadecimal digest of the file's bytes.
    """

    tree: ast.Module
    text: str
    encoding: str
    sha256: str
