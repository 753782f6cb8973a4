"""Pictures and documents made out of values."""
