"""What real attacks shipped, rebuilt with inert payloads: each must be found, in every form."""
