"""Chains from builds and from plugins of pytest beside the stacks of real builds and real runs."""
