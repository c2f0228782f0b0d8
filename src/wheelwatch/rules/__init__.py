"""From linked facts to findings: one module for each rule, in one explicit tuple."""

from __future__ import annotations

from wheelwatch.rules.judgement import judge
from wheelwatch.rules.listing import RULES, Explanation, Rule, catalogue, explain

__all__ = ["RULES", "Explanation", "Rule", "catalogue", "explain", "judge"]
