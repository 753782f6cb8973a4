"""Figures from the log: a projection in its order, and counting over it."""
