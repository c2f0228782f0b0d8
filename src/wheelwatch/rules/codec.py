"""A codec or error handler is registered.

Why it matters: A codec decodes files and, through an encoding cookie, the source code of modules:
what a reader sees is then not what runs.

When it is fine: codecs for real character sets, registered by the package that documents them.

Instead: call your own decoding function; preprocess sources when the package is built.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("hook-codec")
KINDS = (Kind.CODEC,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "registers a codec", *KINDS)
