"""WHERE files come from: indexes as an installer would ask them, resolved by uv, fetched and checked."""
