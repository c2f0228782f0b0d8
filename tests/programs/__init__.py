"""Whole programs with their verdicts: what a reader of the report sees."""
