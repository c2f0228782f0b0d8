"""What files say only together: asked of the workers, and kept by what all of them hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec

from wheelwatch.engine.cache import Contents
from wheelwatch.engine.runner import Runner
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.model import Group, Inline, Joint, Member, NotAnalysed, Reason

_NOTHING = Inline(b"")
_JOINT: msgspec.msgpack.Decoder[Joint | NotAnalysed] = msgspec.msgpack.Decoder(Joint | NotAnalysed)

Digests = Callable[[Member], str]
"""SHA-256 of a member's content in hexadecimal; empty when it is not known."""


def joined(
    groups: Sequence[Group], runner: Runner, contents: Contents | None, digest: Digests
) -> tuple[Joint | NotAnalysed, ...]:
    """What each group says; what the cache knows is not asked again."""
    keys = {group: _key(group, digest) for group in groups} if contents is not None else {}
    known = contents.facts(key for key in keys.values() if key) if contents is not None else {}
    items = {
        Item(_NOTHING, 1, group): sum(placed.member.size for placed in group.files)
        for group in groups
        if keys.get(group, b"") not in known
    }
    answers = runner.run(Work.TOGETHER, tuple(items.items()), (), _silent) if items else {}
    found = {item.group: answer for item, answer in answers.items()}
    if contents is not None:
        contents.keep_facts(
            {
                keys[group]: answer.analysis
                for group, answer in found.items()
                if group is not None and keys[group] and answer.analysis and answer.is_lasting
            }
        )
    return tuple(
        _joint(found[group]) if group in found else _JOINT.decode(known[keys[group]]) for group in groups
    )


def _key(group: Group, digest: Digests) -> bytes:
    """Of everything that the answer depends on; empty when the content of a file is not known."""
    rows = []
    for placed in group.files:
        content = digest(placed.member)
        if not content:
            return b""
        rows.append((content, placed.member.first_line, placed.names, placed.is_package))
    whole = (rows, group.roots, group.mains, group.calls, group.points)
    try:
        return hashlib.sha256(b"joint" + msgspec.msgpack.encode(whole)).digest()
    except UnicodeEncodeError:
        return b""


def _joint(answer: Answer) -> Joint | NotAnalysed:
    if answer.analysis is not None:
        return _JOINT.decode(answer.analysis)
    return answer.problem or NotAnalysed(reason=Reason.INTERNAL, detail="no answer")


def _silent(done: int, total: int) -> None:
    """Progress that nobody follows."""
