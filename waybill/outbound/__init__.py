"""Clients of other people's services, each behind small functions."""
