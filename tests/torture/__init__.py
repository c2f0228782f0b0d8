"""Hostile inputs made by code: each is named, the hook planted beside it is found, and the scan ends."""
