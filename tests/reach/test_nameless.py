"""Edges without a name lead nowhere and break nothing."""

from __future__ import annotations

import pytest

from tests.reach.written import distribution, edge, facts, port, site, target
from wheelwatch.model import EdgeKind, Trigger
from wheelwatch.reach import link


@pytest.mark.parametrize("kind", list(EdgeKind))
@pytest.mark.parametrize("name", ["", ".", "..", "...."])
def test_a_name_of_nothing(kind: EdgeKind, name: str) -> None:
    found = distribution("p", "p.py")
    files = {"p.py": facts(edge(kind, 1, name), site(2))}
    (linked,) = link(target(found), (), port(target(found), files))
    assert [reached.trigger for reached in linked.sites] == [Trigger.IMPORT]
