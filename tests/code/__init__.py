"""Tests of the room ``code``."""  # noqa: A005 - named after the room
