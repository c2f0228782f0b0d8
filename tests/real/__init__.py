"""Real packages from the index, pinned by hash: the alarm against findings nobody can use."""
