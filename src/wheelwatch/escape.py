"""The only escaper: turns text from a target into text that one output format shows inertly."""

from __future__ import annotations
