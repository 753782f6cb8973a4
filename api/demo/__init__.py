"""The demonstration: a chemical plant, three carriers, their fleet, and cases to play through.

All names are made up. Everything is written through the same services as real data; nothing of
this is used outside `waybill demo` and the tests that play the cases.
"""
