"""Reports and daily totals: figures of the log, signed, and recomputable from it by anybody."""
