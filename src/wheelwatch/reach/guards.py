"""Guards by name: under which tests an edge, a site or a whole chain stands."""

from __future__ import annotations

from wheelwatch.model import DECORATED, Step

AND = " and "
"""Joins the guards of one place; all of them must hold."""

SWITCH = "env:"
"""How a guard begins that a variable of the environment switches on."""


def labels(guard: str | None) -> tuple[str, ...]:
    """The single guards: ``main``, ``type-checking``, ``env:NAME`` (off by default), ``platform``."""
    return tuple(guard.split(AND)) if guard else ()


def along(chain: tuple[Step, ...]) -> str | None:
    """Every guard on the chain, each once, in order."""
    return AND.join(dict.fromkeys(label for step in chain for label in labels(step.guard))) or None


def is_excused(guard: str | None) -> bool:
    """Whether one of the guards can make what stands behind it weigh less."""
    return guard is not None and any(
        label == DECORATED or label.startswith(SWITCH) for label in labels(guard)
    )
