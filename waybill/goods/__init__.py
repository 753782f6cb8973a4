"""The dangerous goods list and the tables beside it, by edition and date."""
