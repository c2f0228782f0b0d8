"""WHAT is asked for: requirements files, projects, lock files and names, each line accounted for."""

from wheelwatch.sources.request.gathering import Inputs, gather

__all__ = ["Inputs", "gather"]
