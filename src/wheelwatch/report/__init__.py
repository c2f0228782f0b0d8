"""How a report is shown: one module per format, all escaping through ``wheelwatch.escape``."""
