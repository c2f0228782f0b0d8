"""What a team has decided: its policy, what it has approved, and what is new between two versions."""

from __future__ import annotations

from wheelwatch.gate.baseline import Baseline, Entry, Signature
from wheelwatch.gate.comparison import compare, together
from wheelwatch.gate.policy import Policy
from wheelwatch.gate.ruling import Gate, govern, oversee

__all__ = ["Baseline", "Entry", "Gate", "Policy", "Signature", "compare", "govern", "oversee", "together"]
