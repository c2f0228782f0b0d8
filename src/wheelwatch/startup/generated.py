"""Lines that tools write into site directories (A.12), known by their whole form, never by a file's name.

It says who writes such a line, and excuses nobody: what the line reaches is judged as for any other.
Namespace templates are in ``data/known_startup.toml``.
"""

from __future__ import annotations

import re

_NAME = r"[A-Za-z_]\w*"
_EGGS = (
    r"import sys; new ?= ?sys\.path\[sys\.__plen:\]; del sys\.path\[sys\.__plen:\]; "
    r"p ?= ?getattr\(sys, ?'__egginsert', ?0\); sys\.path\[p:p\] ?= ?new; "
    r"sys\.__egginsert = p ?\+ ?len\(new\)"
)
_FORMS = (
    ("virtualenv or uv", r"import _virtualenv"),
    ("setuptools for an editable install", rf"import (__editable___{_NAME}_finder); \1\.install\(\)"),
    ("hatchling for an editable install", rf"import _editable_impl_{_NAME}"),
    ("scikit-build-core or meson-python for an editable install", rf"import _{_NAME}_editable(?:_loader)?"),
    ("setuptools for old eggs", r"import sys; sys\.__plen = len\(sys\.path\)"),
    ("setuptools for old eggs", _EGGS),
)
_WRITERS = tuple((writer, re.compile(form, re.ASCII)) for writer, form in _FORMS)
_LONGEST = 1024


def writer(code: str) -> str:
    """Who writes a line of this form; empty when nobody is known to."""
    code = code.strip()
    if len(code) > _LONGEST:
        return ""
    return next((name for name, form in _WRITERS if form.fullmatch(code)), "")
