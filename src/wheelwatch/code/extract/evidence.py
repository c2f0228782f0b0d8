"""Which words of a text count: a look at the places where they stand, without parsing.

A word counts unless its place shows that the extractor can make nothing of it: ``sys`` in ``import sys``
and before the name of a harmless attribute, ``getattr`` with a literal name, ``requests`` that nothing
imports. Text that is run as code is searched like code, as it stands in the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wheelwatch.catalogue.stdlib import RENAMED
from wheelwatch.code.extract.anchors import heads, lasts, telling
from wheelwatch.code.extract.heads import Head
from wheelwatch.code.extract.look import GAP, QUOTES, Look, Places
from wheelwatch.code.extract.marks import FILES, PATH
from wheelwatch.code.extract.vocabulary import BUILTINS, STDLIB
from wheelwatch.code.extract.words import (
    ACCESS,
    ASKED,
    ASSEMBLED,
    CODE,
    DECODERS,
    IMPORTS,
    PICKLES,
    ROUTES,
    STRONG,
)

JOINTS = tuple(f"{a}{gap}{b}" for a in "\"'" for b in "\"'" for gap in (" + ", "+", " "))
"""Between two literals that make one word."""

ENOUGH = lasts()
"""Words of which each is enough by itself."""

_READS = re.compile(
    rb"""\s*\(\s*[\w.\[\]]*(?:\(\s*[\w.,\s]*\))?[\w.]*\s*,\s*(['"])[\w.]*\1\s*[,)]|\s*\(\s*(['"])\w*\2\s*[,)]"""
)
"""``getattr(self.x, "name", ...)``, ``attrgetter("name")``: a name that is written."""
_SUBJECT = re.compile(GAP + rb"\(\s*([A-Za-z_]\w*)")
_TAKER = re.compile(rb"(?:hasattr|getattr)\s*\(\s*([A-Za-z_]\w*)[^()]*,\s*\Z")
_OWNER = re.compile(rb"([A-Za-z_]\w*)(?:\.\w+|\(\))*\.\Z")
_PIECE_BEFORE = re.compile(rb"""['"][^'"\s\\]{0,31}[\w.]\Z""")
_PIECE_AFTER = re.compile(rb"""\w[^'"\s\\]{0,31}['"]""")
_BLOB = re.compile(rb"""\bb['"](?:\(*c|\\x80|\\n)""")
_ASSIGNED = re.compile(rb"(?<![=!<>])=\s*\Z")
_OWNERS = re.compile(
    rb"(?:builtins__|builtins|builtin__|six|types|interpreters|pty|moves|bltns|pd|pandas)\s*\.\s*\Z"
)
_METHODS = frozenset({"exec", "eval", "push"})
_CONTAINERS = frozenset({"f_locals"})
_DECODING = frozenset({"bytes", "chr", "translate", "decompress", "unquote", "to_bytes"})
_CALLED = IMPORTS | {
    "getattr",
    "setattr",
    "delattr",
    "getattr_static",
    "attrgetter",
    "methodcaller",
    "itemgetter",
    "__getattribute__",
    "__setattr__",
}
"""Functions that are given a name."""


def counting(text: bytes, places: Places) -> frozenset[str]:
    """The words that count of those found, each by its own rule, and the marks that stand for others.

    Where some are enough to want the file, the rest may be missing.
    """
    look = Look(text, places)
    noted = RENAMED.keys() & places.keys()
    enough = frozenset(word for word in ENOUGH & places.keys() if look.written(word))
    return (enough or frozenset(_words(look))) | noted


def _words(look: Look) -> Iterator[str]:
    found = look.places.keys()
    run = [word for word in CODE & found if _is_run(look, word)]
    # Names in strings and comments matter where text can become code.
    look.is_run = bool(run)
    yield from run
    if look.is_run:
        yield from (word for word in ENOUGH & found if look.written(word))
    computed = [word for word in ACCESS & found if _is_computed(look, word)]
    yield from computed
    imports = [word for word in IMPORTS & found if _is_computed(look, word)]
    yield from imports
    look.is_by_name = bool(imports)
    yield from (word for word in telling() & found if _tells(look, word))
    yield from (word for word in ROUTES & found if _leads(look, word))
    yield from _decoders(look, is_run=bool(run))
    is_joined = any(_is_joint(look, joint) for joint in JOINTS if joint in found)
    if is_joined:
        yield ASSEMBLED
    is_made = is_joined or not STRONG.isdisjoint(found)
    if is_made and any(_is_asked(look, start, word) for word in computed for start in look.places[word]):
        yield ASKED
    if any(look.is_value(start, start + 10) for start in look.written("breakpoint")):
        yield "builtins.breakpoint"
    yield from (word for word in FILES & found if look.written(word))
    if look.places.get(PATH):
        yield PATH
    for head in heads() & found:
        yield from Head(look, head).words()


def _decoders(look: Look, *, is_run: bool) -> Iterator[str]:
    found = look.places.keys()
    if is_run:
        yield from (word for word in DECODERS & found if _decodes(look, word))
    elif not PICKLES.isdisjoint(found):
        yield from (word for word in DECODERS & found - _DECODING if _decodes(look, word))
    yield from (word for word in STRONG & found if look.written(word))


def _decodes(look: Look, word: str) -> bool:
    """Whether a decoder is used, and not only named."""
    if word == "pickle":
        return _BLOB.search(look.text) is not None
    length = len(word)
    behind = b"(" if word in _DECODING else b"."
    return any(
        look.text[start + length : start + length + 1] == behind or look.is_imported(start, start + length)
        for start in look.written(word)
    )


def _tells(look: Look, word: str) -> bool:
    """Whether an attribute of whatever object may be assigned to."""
    text = look.text
    for start in look.written(word):
        end = start + len(word)
        if text[start - 1 : start] in QUOTES and not _TAKER.search(look.line(start)[:-1]):
            return True
        if look.is_imported(start, end):
            return True
        is_changed = word in _CONTAINERS and not look.is_read(start, end)
        if text[start - 1 : start] == b"." and (is_changed or look.is_target(start, end)):
            return True
    return False


def _leads(look: Look, word: str) -> bool:
    """Whether a word by which modules are reached stands behind something that can have one."""
    if word != "__self__":
        return bool(look.written(word))
    for start in look.written(word):
        line = look.line(start)
        owner = _OWNER.search(line) or _TAKER.search(line[:-1])
        if owner is not None and (owner[1].decode() in BUILTINS or _is_imported(look, owner[1])):
            return True
    return False


def _is_asked(look: Look, start: int, word: str) -> bool:
    """Whether what is asked for a computed name is a module, or comes from one, or is a function."""
    subject = _SUBJECT.match(look.text, start + len(word)) or _OWNER.search(look.line(start))
    if subject is None or subject[1] in (b"self", b"cls", b"super"):
        return False
    return _is_imported(look, subject[1]) or b"def " + subject[1] + b"(" in look.text


def _is_imported(look: Look, name: bytes) -> bool:
    """Whether an import may bind a name to a module of the standard library, or to a part of one."""
    if name.decode() in STDLIB:
        return b"import" in look.text
    pattern = rb"\bimport\b[^\n]*\b" + name + rb"\b|\bas\s+" + name + rb"\b|^\s+" + name + rb"\b\s*[,)\n]"
    return re.search(pattern, look.text, re.MULTILINE) is not None


def _is_computed(look: Look, word: str) -> bool:
    """Whether a word of access or import stands somewhere without a literal name."""
    if word not in _CALLED:
        return bool(look.written(word))
    for start in look.written(word):
        end = start + len(word)
        is_plain = _READS.match(look.text, end) is not None or look.is_imported(start, end)
        if not is_plain and not look.line(start).endswith(b"def "):
            return True
    return False


def _is_run(look: Look, word: str) -> bool:
    """Whether a word that runs text stands where it can be that function."""
    text = look.text
    for start in look.written(word):
        end, before = start + len(word), text[start - 1 : start]
        if look.is_imported(start, end):
            return True
        if before == b".":
            if word not in _METHODS or _OWNERS.search(text, max(0, start - 40), start):
                return True
        elif before in QUOTES:
            if b"builtin" in text or not ROUTES.isdisjoint(look.places):
                return True
        elif look.is_value(start, end) and (
            word in _METHODS or text[end : end + 1] == b"(" or _ASSIGNED.search(look.line(start))
        ):
            return True
    return False


def _is_joint(look: Look, joint: str) -> bool:
    """Whether two short pieces of a name are put together at one of these places."""
    return any(
        _PIECE_BEFORE.search(look.text, max(0, start - 33), start) is not None
        and _PIECE_AFTER.match(look.text, start + len(joint)) is not None
        for start in look.places.get(joint, ())
    )
