"""Patterns that stand out in the log: one small module each, of one shape, listed in `table`."""
