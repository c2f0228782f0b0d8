"""Broken or hostile input, given to the program as users start it: never a traceback, never silence."""
