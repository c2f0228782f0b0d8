"""wheelwatch as users get it: built, installed and run in throw-away environments."""
