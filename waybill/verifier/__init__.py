"""Whoever does not trust the operator reads the whole log and recomputes it.

It speaks C2SP tlog-tiles over HTTP or in a folder of files and leans on the pure format alone:
nothing here knows the service, its database or its framework.
"""
