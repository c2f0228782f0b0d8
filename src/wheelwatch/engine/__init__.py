"""The engine: wires the rooms into one run, over worker processes that may die."""
