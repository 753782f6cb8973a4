"""How scopes were read by the rules of the first edition, kept as it was and never edited.

Verdicts of that edition must come out the same for ever, so version 1 of the rules of scopes
reads with this; every later version, and everything else, reads with `waybill.registry.scope`.
"""
