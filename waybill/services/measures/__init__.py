"""Measures of the authority: proposed by one account, approved by another, ended in time."""
