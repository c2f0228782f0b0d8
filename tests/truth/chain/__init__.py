"""Chains of the report beside the stacks of real interpreters."""
