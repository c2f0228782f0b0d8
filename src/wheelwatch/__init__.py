"""wheelwatch: what runs before your Python code, and what can watch it."""
