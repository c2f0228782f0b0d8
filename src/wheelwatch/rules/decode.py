"""Encoded data is decoded and executed.

Why it matters: base64, zlib, marshal and their like in front of exec hide what runs from every
reader; known attacks (litellm 1.82.8, elementary-data 0.23.3) look exactly so.

When it is fine: hardly ever: a few tools ship compressed helpers for bootstrapping.

Instead: ship the code as a module of the package.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("payload-decode-run")
KINDS = (Kind.DECODE_RUN,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "runs decoded code", *KINDS)
