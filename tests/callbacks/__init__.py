"""Callbacks of hooks: hostile ones, and such as honest packages have."""
