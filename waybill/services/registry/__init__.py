"""The registry: who and what takes part, kept with history, seen only by those it concerns.

One module per kind of record. Each function loads and locks, guards, decides, records with its
event and returns a value object; the caller owns the transaction.
"""
