"""The identity of a finding: stable when unrelated lines move, another when the evidence is another."""

from __future__ import annotations

import hashlib

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.model import Distribution, NotAnalysed
from wheelwatch.rules.hit import Hit

LENGTH = 32
"""Hexadecimal digits."""


def of_hit(rule: str, distribution: Distribution, hit: Hit) -> str:
    """The fingerprint of a finding, without line numbers, versions and the place of the target."""
    chain = [[step.package, _path(step.path, distribution), _plain(step.what)] for step in hit.chain]
    evidence = [_path(hit.path, distribution), hit.api, _plain(hit.snippet), chain]
    return _digest([rule, canonicalize_name(distribution.name), *evidence])


def of_unread(rule: str, distribution: Distribution, path: str, lost: NotAnalysed) -> str:
    """The fingerprint of a file that was not analysed."""
    return _digest([rule, canonicalize_name(distribution.name), _path(path, distribution), lost.reason])


def numbered(fingerprint: str, count: int) -> str:
    """The fingerprint of the ``count``-th finding with the same evidence; the first keeps its own."""
    return fingerprint if count == 0 else _digest([fingerprint, count])


def _plain(text: str) -> str:
    """Text with every run of white space as one blank."""
    return " ".join(text.split())


def _path(path: str, distribution: Distribution) -> str:
    """A path in which the distribution's own version does not show (``demo-1.0.dist-info``)."""
    version = distribution.version
    return path.replace(f"-{version}", "-{version}") if version else path


def _digest(evidence: object) -> str:
    try:
        encoded = msgspec.json.encode(evidence)
    except UnicodeEncodeError:  # lone surrogates of names that are no UTF-8
        encoded = ascii(evidence).encode()
    return hashlib.sha256(encoded).hexdigest()[:LENGTH]
